import { secretNames } from "../../components/config/settings.ts";
import { childrenOf, type Entry, isSection, type Node, topLevel } from "./describe.ts";
import { secretDescriptions } from "./secrets.ts";

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
  const secrets = secretNames.map((name) => `${doc(secretDescriptions[name], 2)}  ${name}?: pulumi.Input<string>;`);
  return [
    "// Made by `npm run generate` from components/config/schema.ts and components/config/defaults.ts; change those.",
    "// biome-ignore-all lint/suspicious/noExplicitAny: free-form values; Pulumi's analyzer knows no `unknown`.",
    'import type * as pulumi from "@pulumi/pulumi";',
    "",
    "/** Everything that can be set about a location. */",
    `export interface DeepSeekOcrArgs {\n${members.join("\n")}\n${doc("Secrets.", 2)}  secrets?: SecretArgs;\n}`,
    "",
    `/** Secrets; none of them has a default. */\nexport interface SecretArgs {\n${secrets.join("\n")}\n}`,
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
    const about = entry.node.description ?? "One of them.";
    interfaces.set(name, `${doc(about, 0)}export interface ${name} {\n${members.join("\n")}\n}\n`);
  }
  return name;
}

function doc(text: string, indent: number): string {
  return `${" ".repeat(indent)}/** ${text.replaceAll("*/", "* /")} */\n`;
}
