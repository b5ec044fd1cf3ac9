import { parseDocument } from "yaml";
import { secretNames } from "../../components/config/settings.ts";
import { type Entry, isSection, leavesOf, topLevel } from "./describe.ts";
import { secretDescriptions } from "./secrets.ts";

/** Pulumi.yaml with its `config` section made anew; the rest, comments included, stays. Defaults are in the program. */
export function generatePulumiYaml(current: string): string {
  const document = parseDocument(current);
  const config = Object.fromEntries([...topLevel().map(declaration), ...secretNames.map(secretDeclaration)]);
  document.set("config", document.createNode(config));
  return document.toString({ lineWidth: 120 });
}

/**
 * Pulumi demands a value in every stack for a key without a default. `{}` is no value: it leaves the section to the
 * program's defaults. The few single settings repeat theirs from components/config/defaults.ts.
 */
function declaration(entry: Entry): [string, unknown] {
  const { node, path } = entry;
  const keys = leavesOf(entry).map((leaf) => leaf.path.slice(path.length + 1));
  const description = isSection(node) ? `${node.description} Keys: ${keys.join(", ")}.` : node.description;
  const empty = isSection(node) ? {} : entry.default;
  return [path, { type: node.type, description, ...(empty === undefined ? {} : { default: empty }) }];
}

/** Not `secret: true`: Pulumi would then demand the secret in every stack. components/config/load.ts refuses plain text itself. */
function secretDeclaration(name: (typeof secretNames)[number]): [string, unknown] {
  return [name, { type: "string", description: `Secret. ${secretDescriptions[name]}`, default: "" }];
}
