import { secretNames, secrets } from "../../components/config/secrets.ts";
import { childrenOf, type Entry, isSection, type Node, topLevel } from "./describe.ts";

/** Items of lists that are objects, by the path of the list's last key. */
const itemTypes: Readonly<Record<string, string>> = { tolerations: "TolerationArgs" };

/**
 * components/args.ts: the settings as interfaces in which everything may be left out, of types that Pulumi can offer
 * in every language (no unions).
 */
export function generateArgs(): string {
  const entries = topLevel();
  const interfaces = new Map<string, string>();
  const members = entries.map((entry) => member(entry, interfaces, entry.path === "location"));
  const secretMembers = secretNames.map(
    (name) => `${doc(secrets[name].description, 2)}  ${name}?: pulumi.Input<string>;`,
  );
  return [
    "// Made by `npm run generate` from components/config/schema/ and components/config/defaults.ts; change those.",
    "// biome-ignore-all lint/suspicious/noExplicitAny: free-form values; Pulumi's analyzer knows no `unknown`.",
    'import type * as pulumi from "@pulumi/pulumi";',
    "",
    "/** Settings of a location; `location` is the only one that must be given. */",
    `export interface DeepSeekOcrArgs {\n${members.join("\n")}\n${doc("Secrets of the location.", 2)}  secrets?: SecretArgs;\n}`,
    "",
    `/** Secrets of a location. None has a default. */\nexport interface SecretArgs {\n${secretMembers.join("\n")}\n}`,
    "",
    ...interfaces.values(),
  ].join("\n");
}

function member(entry: Entry, interfaces: Map<string, string>, required = false): string {
  const key = entry.path.split(".").at(-1) ?? "";
  return `${doc(describe(entry), 2)}  ${key}${required ? "" : "?"}: ${typeOf(entry, key, interfaces)};`;
}

function describe({ node, default: value }: Entry): string {
  const sentence = node.description ?? "";
  return value === undefined || isSection(node) ? sentence : `${sentence} Defaults to ${JSON.stringify(value)}.`;
}

function typeOf(entry: Entry, key: string, interfaces: Map<string, string>): string {
  const { node } = entry;
  if (isSection(node)) return nested(entry, interfaces);
  if (node.type === "array") return `${itemType(entry, key, interfaces)}[]`;
  if (node.type === "object") return mapType(node);
  return node.type === "integer" ? "number" : (node.type ?? "string");
}

function itemType(entry: Entry, key: string, interfaces: Map<string, string>): string {
  const { items } = entry.node;
  const name = itemTypes[key];
  if (name && items) return declare(name, { path: name, node: items, default: {} }, interfaces);
  return items?.type === "object" ? mapType(items) : (items?.type ?? "string");
}

function mapType({ additionalProperties }: Node): string {
  const free = typeof additionalProperties !== "object" || additionalProperties.type === undefined;
  return `{ [key: string]: ${free ? "any" : additionalProperties.type} }`;
}

function nested(entry: Entry, interfaces: Map<string, string>): string {
  const key = entry.path.split(".").at(-1) ?? "";
  // Sections of the same shape in several places share one interface.
  const name = key === "chart" ? "ChartArgs" : `${key.charAt(0).toUpperCase()}${key.slice(1)}Args`;
  return declare(name, key === "chart" ? withoutDefaults(entry) : entry, interfaces);
}

function withoutDefaults(entry: Entry): Entry {
  return { ...entry, default: {} };
}

function declare(name: string, entry: Entry, interfaces: Map<string, string>): string {
  if (!interfaces.has(name)) {
    interfaces.set(name, "");
    const members = childrenOf(entry).map((child) => member(child, interfaces));
    const about = entry.node.description;
    if (!about) throw new Error(`${name} has no description: give its schema one with .describe()`);
    interfaces.set(name, `${doc(about, 0)}export interface ${name} {\n${members.join("\n")}\n}\n`);
  }
  return name;
}

function doc(text: string, indent: number): string {
  return `${" ".repeat(indent)}/** ${text.replaceAll("*/", "* /")} */\n`;
}
