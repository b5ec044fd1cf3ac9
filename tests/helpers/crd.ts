import { existsSync, readFileSync } from "node:fs";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { parse } from "yaml";

const folder = "../shared/kuberay";

/** KubeRay's own CRDs; they are not part of this repository. */
export const crdsAreHere = existsSync(`${folder}/ray.io_rayservices.yaml`);

type Schema = { [key: string]: unknown };

const compiled = new Map<string, ValidateFunction>();

/** A validator of one kind's v1 objects that refuses unknown fields; the API server only drops them. */
export function crdValidator(file: string): ValidateFunction {
  const known = compiled.get(file);
  if (known) return known;
  const crd = parse(readFileSync(`${folder}/${file}`, "utf8")) as {
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
