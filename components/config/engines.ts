import { versions } from "./versions.ts";

/** What the stack has to know of an engine. A new engine is one more entry in {@link engines}. */
export interface EngineFacts {
  /** What the engine is, for the description of the setting `engine`. */
  readonly about: string;
  /** GPUs of one replica. */
  readonly gpus: 0 | 1;
  /** Memory of one replica in GiB, beside /dev/shm: its own process, pinned host memory and Ray's workers. */
  readonly memoryGiB: number;
  /** Image of head and workers unless `images.ray` names one; undefined if no public image has the engine. */
  readonly image: string | undefined;
  /** Section of the application's settings that names the model to fetch; undefined for an engine without one. */
  readonly modelSection: "vllm" | undefined;
}

export const engines = {
  // Memory as seen with vLLM 0.29.
  vllm: {
    about: "DeepSeek-OCR on a GPU",
    gpus: 1,
    memoryGiB: 4,
    image: versions.rayLlmImage,
    modelSection: "vllm",
  },
  cpu: { about: "RapidOCR, no GPU", gpus: 0, memoryGiB: 1, image: undefined, modelSection: undefined },
  null: {
    about: "answers at once, for tests",
    gpus: 0,
    memoryGiB: 0.5,
    image: versions.rayLlmImage,
    modelSection: undefined,
  },
} as const satisfies Readonly<Record<string, EngineFacts>>;

export type EngineName = keyof typeof engines;
export const engineNames = Object.keys(engines) as [EngineName, ...EngineName[]];

/** What the table says about an engine, under the one type that all engines share. */
export function engineFacts(engine: EngineName): EngineFacts {
  return engines[engine];
}

/** Whether replicas of the engine run on a GPU. */
export function usesGpu(engine: EngineName): boolean {
  return engineFacts(engine).gpus > 0;
}

/** Whether the engine loads a model that is fetched and kept in a cache. */
export function hasModel(engine: EngineName): boolean {
  return engineFacts(engine).modelSection !== undefined;
}
