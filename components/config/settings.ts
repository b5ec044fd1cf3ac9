import type { Settings } from "./schema.ts";

export type { Settings, Toleration } from "./schema.ts";

/** The part of the settings that becomes serveConfigV2, on a cluster and on a laptop alike. */
export type ServeSettings = Pick<Settings, "engine" | "app" | "scaling" | "serve"> & {
  /** GPUs of one engine replica: 1 for vllm, else 0. */
  readonly worker: Pick<Settings["worker"], "gpus">;
};

/** What a user writes: any part of the settings, and at least the location. */
export type SettingsInput = Partial<Settings> | { readonly [section: string]: unknown };

/** The secrets that a stack may carry. None of them is a setting: they travel only in Pulumi secrets. */
export const secretNames = [
  "huggingFaceToken",
  "tailscaleOauthClientSecret",
  "apiKey",
  "redisPassword",
  "registryDockerConfig",
  "kubeconfig",
] as const;
export type SecretName = (typeof secretNames)[number];
