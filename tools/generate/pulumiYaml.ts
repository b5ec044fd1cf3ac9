import { parseDocument } from "yaml";
import { type SecretName, secretNames, secrets } from "../../components/config/secrets.ts";
import { type Entry, isSection, leavesOf, topLevel } from "./describe.ts";

/** Pulumi.yaml with a new `config` section. The rest stays, comments included. */
export function generatePulumiYaml(current: string): string {
  const document = parseDocument(current);
  const config = Object.fromEntries([...topLevel().map(declaration), ...secretNames.map(secretDeclaration)]);
  document.set("config", document.createNode(config));
  return document.toString({ lineWidth: 120 });
}

/**
 * Pulumi requires a value in every stack for a key without a default. `{}` leaves a section to the defaults of
 * components/config/defaults.ts; the few single settings repeat theirs here.
 */
function declaration(entry: Entry): [string, unknown] {
  const { node, path } = entry;
  const keys = leavesOf(entry).map((leaf) => leaf.path.slice(path.length + 1));
  const description = isSection(node) ? `${node.description} Keys: ${keys.join(", ")}.` : node.description;
  const empty = isSection(node) ? {} : entry.default;
  return [path, { type: node.type, description, ...(empty === undefined ? {} : { default: empty }) }];
}

/** Not `secret: true`: Pulumi would then require the secret in every stack. components/config/load.ts refuses plain text. */
function secretDeclaration(name: SecretName): [string, unknown] {
  return [name, { type: "string", description: `Secret. ${secrets[name].description}`, default: "" }];
}
