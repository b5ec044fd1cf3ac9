import type { AppSettings } from "../config/appSettings.ts";
import { type EngineName, hasModel } from "../config/engines.ts";
import { modelSettings } from "../config/model.ts";
import type { Settings } from "../config/settings.ts";
import type { EnvVar, PersistentVolumeClaim, Volume } from "./kubernetes.ts";
import { labels, SERVICE, secretRef } from "./names.ts";

/** Where the cache is mounted; Hugging Face's own layout is below it (HF_HOME). */
export const CACHE_PATH = "/models";
const VOLUME = "models";

export const cacheMount = { name: VOLUME, mountPath: CACHE_PATH };

type CacheSettings = Pick<Settings, "engine" | "cache" | "namespace">;

/** The claim of the cache, if the stack makes one. */
export function renderCacheClaim({ engine, cache, namespace }: CacheSettings): PersistentVolumeClaim | undefined {
  if (!hasModel(engine) || cache.type !== "pvc" || cache.existingClaim) return undefined;
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: {
      name: `${SERVICE}-models`,
      namespace: namespace.name,
      labels: labels("model-cache"),
      // Many classes bind a claim only when a pod uses it. The pods wait for the claim, so Pulumi does not have to.
      annotations: { "pulumi.com/skipAwait": "true" },
    },
    spec: {
      accessModes: [cache.accessMode],
      ...(cache.storageClass ? { storageClassName: cache.storageClass } : {}),
      resources: { requests: { storage: cache.size } },
    },
  };
}

/** The cache as a pod's volume. */
export function cacheVolume({ cache }: Pick<Settings, "cache">): Volume {
  switch (cache.type) {
    case "pvc":
      return { name: VOLUME, persistentVolumeClaim: { claimName: cache.existingClaim ?? `${SERVICE}-models` } };
    case "hostPath":
      return { name: VOLUME, hostPath: { path: cache.hostPath, type: "DirectoryOrCreate" } };
    case "emptyDir":
      return { name: VOLUME, emptyDir: { sizeLimit: cache.size } };
  }
}

/** Environment of every container that reads or fills the cache. */
export function modelAccessEnv(settings: Pick<Settings, "model" | "auth">): EnvVar[] {
  const { model } = settings;
  const token = secretRef("huggingFaceToken", settings);
  return [
    { name: "HF_HOME", value: CACHE_PATH },
    ...(model.endpoint ? [{ name: "HF_ENDPOINT", value: model.endpoint }] : []),
    {
      name: "HF_TOKEN",
      valueFrom: { secretKeyRef: { ...token, name: model.tokenSecretName ?? token.name, optional: true } },
    },
  ];
}

/** A revision of a model's repository, to be fetched into the cache. */
export interface ModelRevision {
  readonly repository: string;
  readonly revision: string;
}

/** What is to be fetched for an engine; nothing if it has no model, or loads it from a folder. */
export function modelToFetch(engine: EngineName, app: AppSettings): ModelRevision | undefined {
  const wanted = modelSettings(engine, app);
  if (!wanted || wanted.model.startsWith("/") || wanted.revision === null) return undefined;
  return { repository: wanted.model, revision: wanted.revision };
}
