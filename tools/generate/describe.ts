import { z } from "zod";
import { defaults } from "../../components/config/defaults.ts";
import { settingsSchema } from "../../components/config/schema/index.ts";

/** A node of the JSON Schema of the settings, as far as the generators read it. */
export interface Node {
  readonly type?: string;
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly items?: Node;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly additionalProperties?: boolean | Node;
}

/** One setting, or one section of settings. */
export interface Entry {
  readonly path: string;
  readonly node: Node;
  /** undefined if there is none. */
  readonly default: unknown;
}

/** The top level of the settings: sections and the few single values. */
export function topLevel(): Entry[] {
  return childrenOf({ path: "", node: z.toJSONSchema(settingsSchema) as Node, default: defaults });
}

/** The settings directly below an entry, with their defaults. */
export function childrenOf({ path, node, default: value }: Entry): Entry[] {
  const values = (value ?? {}) as Readonly<Record<string, unknown>>;
  return Object.entries(node.properties ?? {}).map(([key, child]) => ({
    path: path ? `${path}.${key}` : key,
    node: child,
    default: values[key],
  }));
}

/** Every single setting below an entry, in order. */
export function leavesOf(entry: Entry): Entry[] {
  return isSection(entry.node) ? childrenOf(entry).flatMap(leavesOf) : [entry];
}

export function isSection(node: Node): boolean {
  return node.type === "object" && node.properties !== undefined;
}

/** A type as it is written in the stack file. */
export function typeName(node: Node): string {
  if (node.enum) return node.enum.map((value) => `\`${value}\``).join(", ");
  if (node.type === "array") return `list of ${node.items?.type === "object" ? "objects" : `${node.items?.type}s`}`;
  return node.type === "object" ? "object" : (node.type ?? "value");
}
