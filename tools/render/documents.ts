import { runtime } from "@pulumi/pulumi";
import { stringify } from "yaml";
import type { Recorded } from "./record.ts";
import { PLACEHOLDER } from "./stackFile.ts";

const HELM = "kubernetes:helm.sh/v3:Release";

/** Every recorded resource as a YAML document: Kubernetes objects as they are, others with their Pulumi type. */
export function renderDocuments(recorded: readonly Recorded[]): string {
  return recorded
    .filter(({ custom, type }) => custom && !type.startsWith("pulumi:"))
    .map(toDocument)
    .sort((a, b) => compare(sortKey(a), sortKey(b)))
    .map((document) => stringify(document, { lineWidth: 0, aliasDuplicateObjects: false }))
    .join("---\n");
}

function toDocument({ type, name, inputs: unmasked }: Recorded): Readonly<Record<string, unknown>> {
  const inputs = masked(unmasked) as Readonly<Record<string, unknown>>;
  if (type === HELM) {
    // `compat` belongs to the SDK.
    const { compat: _, ...release } = inputs;
    return { helm: release };
  }
  if (!type.startsWith("kubernetes:")) return { pulumi: { type, name, inputs } };
  const { apiVersion, kind, metadata, ...rest } = inputs;
  return { apiVersion, kind, metadata, ...rest };
}

/** Namespaces first, then by kind and name: the order in which the engine receives resources varies. */
function sortKey({ kind, metadata, helm, pulumi }: Readonly<Record<string, unknown>>): string {
  const { name } = (metadata ?? helm ?? pulumi ?? {}) as { name?: string };
  return `${kind === "Namespace" ? 0 : 1} ${kind ?? ""} ${name ?? ""}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** A copy of the value with {@link PLACEHOLDER} for each string inside a secret. */
function masked(value: unknown, hidden = false): unknown {
  if (Array.isArray(value)) return value.map((item) => masked(item, hidden));
  if (typeof value !== "object" || value === null) return hidden ? PLACEHOLDER : value;
  if (runtime.isRpcSecret(value)) return masked(runtime.unwrapRpcSecret(value), true);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, masked(item, hidden)]));
}
