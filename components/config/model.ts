import type { AppSettings } from "./appSettings.ts";
import { type EngineName, engineFacts } from "./engines.ts";

/** The application's settings of the engine that loads a model; undefined for an engine without one. */
export function modelSettings(engine: EngineName, app: AppSettings): AppSettings["vllm"] | undefined {
  const { modelSection } = engineFacts(engine);
  return modelSection && app[modelSection];
}
