import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { parse } from "yaml";
import { kuberayChart } from "../../tools/maintain/crds.ts";

/**
 * The folder with KubeRay's own CRDs, which are not part of this repository: from the chart that `npm run crds` fetches,
 * else from beside the checkout; undefined where neither is there.
 */
export const crdFolder = [join(kuberayChart, "crds"), "../shared/kuberay"].find((folder) =>
  existsSync(join(folder, "ray.io_rayservices.yaml")),
);

/** Why tests that need the CRDs are skipped where {@link crdFolder} is undefined. */
export const noCrds = "skipped: KubeRay's CRDs are not here; `npm run crds` fetches them";

type Schema = { [key: string]: unknown };

const compiled = new Map<string, ValidateFunction>();

/** A validator of one kind's v1 objects that refuses unknown fields; the API server only drops them. */
export function crdValidator(file: string): ValidateFunction {
  const known = compiled.get(file);
  if (known) return known;
  if (crdFolder === undefined) throw new Error(noCrds);
  const crd = parse(readFileSync(join(crdFolder, file), "utf8")) as {
    spec: { versions: { name: string; schema: { openAPIV3Schema: Schema } }[] };
  };
  const schema = crd.spec.versions.find(({ name }) => name === "v1")?.schema.openAPIV3Schema;
  const ajv = new Ajv2020({ allErrors: true, strict: false, validateFormats: false, logger: false });
  const validate = ajv.compile(strict(schema) as Schema);
  compiled.set(file, validate);
  return validate;
}

/** The same schema with every object closed, and Kubernetes' own words in those of JSON Schema. */
function strict(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(strict);
  if (typeof node !== "object" || node === null) return node;
  const schema = node as Schema;
  if (schema["x-kubernetes-int-or-string"]) return { type: ["integer", "string"] };
  const open = schema["x-kubernetes-preserve-unknown-fields"] || "additionalProperties" in schema;
  const properties = schema.properties as Schema | undefined;
  // `metadata` is described only as an object: the API server knows it by heart.
  const closed = properties && !open ? { additionalProperties: false } : {};
  const entries = Object.entries(schema).map(([key, value]) => [
    key,
    key === "properties"
      ? Object.fromEntries(Object.entries(value as Schema).map(([name, child]) => [name, strict(child)]))
      : strict(value),
  ]);
  return { ...Object.fromEntries(entries), ...closed };
}
