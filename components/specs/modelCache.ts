import { effectiveAppSettings } from "../config/appSettings.ts";
import type { Settings } from "../config/settings.ts";
import type { EnvVar, PersistentVolumeClaim, Volume } from "./kubernetes.ts";
import { labels, SERVICE, secretRefs } from "./names.ts";

/** Where the cache is mounted; Hugging Face's own layout lies below it (HF_HOME). */
export const CACHE_PATH = "/models";
const VOLUME = "models";

export const cacheMount = { name: VOLUME, mountPath: CACHE_PATH };

type CacheSettings = Pick<Settings, "engine" | "cache" | "namespace">;

/** The claim of the cache, where the stack makes one. */
export function renderCacheClaim({ engine, cache, namespace }: CacheSettings): PersistentVolumeClaim | undefined {
  if (engine !== "vllm" || cache.type !== "pvc" || cache.existingClaim) return undefined;
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: {
      name: `${SERVICE}-models`,
      namespace: namespace.name,
      labels: labels("model-cache"),
      // Many classes bind a claim only when a pod wants it; the pods wait for it, so Pulumi need not.
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

/** Environment of whatever reads or fills the cache. */
export function modelAccessEnv(settings: Pick<Settings, "model" | "auth">): EnvVar[] {
  const { model } = settings;
  const token = secretRefs(settings).huggingFace;
  return [
    { name: "HF_HOME", value: CACHE_PATH },
    ...(model.endpoint ? [{ name: "HF_ENDPOINT", value: model.endpoint }] : []),
    {
      name: "HF_TOKEN",
      valueFrom: { secretKeyRef: { ...token, name: model.tokenSecretName ?? token.name, optional: true } },
    },
  ];
}

/** Model repository and commit, or nothing where the model is a folder of the image. */
export function modelToFetch(
  settings: Pick<Settings, "app" | "engine">,
): { repository: string; revision: string } | undefined {
  const { model, revision } = effectiveAppSettings(settings).vllm;
  return model.startsWith("/") || revision === null ? undefined : { repository: model, revision };
}
