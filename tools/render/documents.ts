import { stringify } from "yaml";
import type { Recorded } from "./record.ts";
import { MASK } from "./stackFile.ts";

const HELM = "kubernetes:helm.sh/v3:Release";
/** Key by which Pulumi marks an object that wraps a secret. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";

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
    // `compat` is the SDK's own.
    const { compat: _, ...release } = inputs;
    return { helm: release };
  }
  if (!type.startsWith("kubernetes:")) return { pulumi: { type, name, inputs } };
  const { apiVersion, kind, metadata, ...rest } = inputs;
  return { apiVersion, kind, metadata, ...rest };
}

/** Namespaces first, then by kind and name: the order in which the engine hears of resources varies. */
function sortKey({ kind, metadata, helm, pulumi }: Readonly<Record<string, unknown>>): string {
  const { name } = (metadata ?? helm ?? pulumi ?? {}) as { name?: string };
  return `${kind === "Namespace" ? 0 : 1} ${kind ?? ""} ${name ?? ""}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** The same value with {@link MASK} for each string inside a secret. */
function masked(value: unknown, hidden = false): unknown {
  if (Array.isArray(value)) return value.map((item) => masked(item, hidden));
  if (typeof value !== "object" || value === null) return hidden ? MASK : value;
  if (SIGNATURE in value) return masked((value as { value?: unknown }).value, true);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, masked(item, hidden)]));
}
