import { runtime } from "@pulumi/pulumi";
import { DeepSeekOcr, type DeepSeekOcrArgs } from "../../../components/index.ts";
import { type Recorded, record } from "../../../tools/render/record.ts";

/** A Kubernetes object as the stack would send it. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly [field: string]: unknown;
}

/** Every Kubernetes object that a location would create, Helm releases left out. */
export async function objectsOf(args: DeepSeekOcrArgs): Promise<readonly Manifest[]> {
  const recorded = await record(() => new DeepSeekOcr("ocr", args));
  return recorded.filter(isObject).map(({ inputs }) => JSON.parse(JSON.stringify(inputs, unwrap)) as Manifest);
}

function isObject({ type, custom }: Recorded): boolean {
  return custom && type.startsWith("kubernetes:") && !type.endsWith(":Release");
}

function unwrap(_key: string, value: unknown): unknown {
  return runtime.unwrapRpcSecret(value);
}

const plurals: Readonly<Record<string, string>> = { NetworkPolicy: "networkpolicies", Ingress: "ingresses" };

/** Path of an object's collection. */
export function collection({ apiVersion, kind, metadata }: Manifest): string {
  const group = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const namespace = metadata.namespace ? `/namespaces/${metadata.namespace}` : "";
  return `${group}${namespace}/${plurals[kind] ?? `${kind.toLowerCase()}s`}`;
}
