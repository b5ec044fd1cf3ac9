import { readFileSync } from "node:fs";
import { Ajv2020, type ErrorObject } from "ajv/dist/2020.js";
import { type ConfigProblem, show } from "./errors.ts";
import type { Settings } from "./settings.ts";

/** The part of the application's settings that the stack looks at, with the application's own defaults filled in. */
export interface AppSettings {
  readonly model_id: string;
  readonly queue: {
    readonly max_in_flight: number;
    readonly request_timeout_s: number;
    readonly cold_start_deadline_s: number;
  };
  readonly cpu: {
    readonly threads: number;
  };
  readonly vllm: {
    readonly model: string;
    readonly revision: string | null;
    readonly gpu_memory_utilization: number;
  };
}

/** Made from serve-app/ocr_app/settings/, which is the only home of the application's defaults. */
const schemaFile = new URL("../../serve-app/ocr_app/settings.schema.json", import.meta.url);
const ajv = new Ajv2020({ allErrors: true, useDefaults: true, strict: false });
const validate = ajv.compile<AppSettings>(JSON.parse(readFileSync(schemaFile, "utf8")));

export interface CheckedApp {
  /** What the application makes of the settings; all of its defaults if there are problems. */
  readonly effective: AppSettings;
  readonly problems: readonly ConfigProblem[];
}

/** A stack's `app` settings, checked against the application's own model and completed by it. */
export function checkAppSettings({ app, engine }: Pick<Settings, "app" | "engine">): CheckedApp {
  if ("engine" in app) {
    const fix = "set `engine` itself; the application's engine follows from it";
    return { effective: appDefaults(engine), problems: [{ key: "app.engine", seen: show(app.engine), fix }] };
  }
  const candidate: unknown = structuredClone({ ...app, engine });
  if (validate(candidate)) return { effective: candidate, problems: [] };
  const problems = (validate.errors ?? []).map((error) => toProblem(error, candidate));
  return { effective: appDefaults(engine), problems };
}

function appDefaults(engine: Settings["engine"]): AppSettings {
  const candidate: unknown = { engine };
  if (!validate(candidate))
    throw new Error("serve-app/ocr_app/settings.schema.json refuses its own defaults; run `npm run generate`");
  return candidate;
}

function toProblem(error: ErrorObject, root: unknown): ConfigProblem {
  const parent = error.instancePath.split("/").slice(1);
  const extra = error.keyword === "additionalProperties" ? [String(error.params.additionalProperty)] : [];
  const path = [...parent, ...extra];
  const value = path.reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], root);
  const fix = extra.length > 0 ? "the application has no such setting" : `${error.message ?? "is not valid"}`;
  return { key: ["app", ...path].join("."), seen: show(value), fix };
}
