import type { Settings } from "./schema/index.ts";

export type { Settings, Toleration } from "./schema/index.ts";

/** The part of the settings that becomes serveConfigV2, on a cluster and on a laptop alike. */
export type ServeSettings = Pick<Settings, "engine" | "app" | "scaling" | "serve"> & {
  /** GPUs of one engine replica. */
  readonly worker: Pick<Settings["worker"], "gpus">;
};

/** What a user writes: any part of the settings, and at least the location. */
export type SettingsInput = Partial<Settings> | { readonly [section: string]: unknown };
