import { secretNames, secrets } from "../../components/config/secrets.ts";
import { type Entry, isSection, leavesOf, topLevel, typeName } from "./describe.ts";

/** docs/configuration.md: every setting with its type, default and meaning. */
export function generateConfigurationDoc(): string {
  const entries = topLevel();
  return `${[
    "# Configuration",
    "",
    "<!-- Made by `npm run generate` from components/config/schema/ and components/config/defaults.ts; change those. -->",
    "",
    "Every setting of a location. A stack file holds only what differs from the defaults:",
    "",
    "```yaml",
    "config:",
    "  deepseek-ocr:location: hel1",
    "  deepseek-ocr:scaling: { maxReplicas: 4 }",
    "  deepseek-ocr:worker:",
    "    nodeSelector: { pool: gpu }",
    "```",
    "",
    "or, on the command line, `pulumi config set --path scaling.maxReplicas 4`. Times are in seconds, sizes are",
    "Kubernetes quantities. The application's own settings (`app`) are in serve-app/ocr_app/settings/; the stack checks",
    "them against serve-app/ocr_app/settings.schema.json before it creates anything. All problems of a configuration are",
    "reported together.",
    "",
    ...section(
      "General",
      "",
      entries.filter(({ node }) => !isSection(node)),
    ),
    ...entries
      .filter(({ node }) => isSection(node))
      .flatMap((entry) => section(`\`${entry.path}\``, entry.node.description ?? "", leavesOf(entry))),
    ...secretSection(),
  ].join("\n")}\n`;
}

function section(title: string, about: string, entries: readonly Entry[]): string[] {
  return [
    `## ${title}`,
    "",
    ...(about ? [about, ""] : []),
    "| key | type | default | meaning |",
    "|---|---|---|---|",
    ...entries.map(
      (entry) =>
        `| \`${entry.path}\` | ${typeName(entry.node)} | ${shown(entry)} | ${cell(entry.node.description ?? "")} |`,
    ),
    "",
  ];
}

function secretSection(): string[] {
  return [
    "## Secrets",
    "",
    "Set them with `pulumi config set --secret KEY`; a value in plain text is refused.",
    "",
    "| key | meaning |",
    "|---|---|",
    ...secretNames.map((name) => `| \`${name}\` | ${cell(secrets[name].description)} |`),
  ];
}

function shown({ path, default: value }: Entry): string {
  if (value === undefined) return path === "location" ? "required" : "";
  return `\`${cell(JSON.stringify(value))}\``;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
