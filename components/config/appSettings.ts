import { readFileSync } from "node:fs";
import { Ajv2020, type ErrorObject } from "ajv/dist/2020.js";
import { type Problem, show } from "./errors.ts";
import type { Settings } from "./settings.ts";

/** The part of the application's settings that rules of the stack look at. */
export interface AppSettings {
  readonly model_id: string;
  readonly limits: { readonly max_tokens: number };
  readonly queue: {
    readonly max_in_flight: number;
    readonly request_timeout_s: number;
    readonly cold_start_deadline_s: number;
  };
  readonly vllm: {
    readonly model: string;
    readonly revision: string | null;
    readonly gpu_memory_utilization: number;
  };
}

/** Made from serve-app/ocr_app/settings.py, which is the only home of the application's defaults. */
const schemaFile = new URL("../../serve-app/ocr_app/settings.schema.json", import.meta.url);
const ajv = new Ajv2020({ allErrors: true, useDefaults: true, strict: false });
const validate = ajv.compile(JSON.parse(readFileSync(schemaFile, "utf8")));

/** What the application makes of a stack's `app` settings; its own defaults where they are not valid. */
export function effectiveAppSettings({ app, engine }: Pick<Settings, "app" | "engine">): AppSettings {
  const candidates = [structuredClone({ ...app, engine }), { engine }];
  const effective = candidates.find((candidate) => validate(candidate));
  if (!effective)
    throw new Error("serve-app/ocr_app/settings.schema.json refuses its own defaults; run `npm run generate`");
  return effective as unknown as AppSettings;
}

/** A stack's `app` settings checked against the application's own model. */
export function checkAppSettings({ app, engine }: Pick<Settings, "app" | "engine">): readonly Problem[] {
  if ("engine" in app) {
    const fix = "set `engine` itself; the application's engine follows from it";
    return [{ key: "app.engine", seen: show(app.engine), fix }];
  }
  const candidate = structuredClone({ ...app, engine });
  return validate(candidate) ? [] : (validate.errors ?? []).map((error) => toProblem(error, candidate));
}

function toProblem(error: ErrorObject, root: unknown): Problem {
  const parent = error.instancePath.split("/").slice(1);
  const extra = error.keyword === "additionalProperties" ? [String(error.params.additionalProperty)] : [];
  const path = [...parent, ...extra];
  const value = path.reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], root);
  const fix = extra.length > 0 ? "the application has no such setting" : `${error.message ?? "is not valid"}`;
  return { key: ["app", ...path].join("."), seen: show(value), fix };
}
