import type { Settings } from "../config/settings.ts";
import { shortHash } from "./hash.ts";
import type { ConfigMap, Job } from "./kubernetes.ts";
import { cacheMount, cacheVolume, modelAccessEnv, modelToFetch } from "./modelCache.ts";
import { labels, SERVICE } from "./names.ts";
import { basePodSpec, containerSecurity, guaranteed, type PodSettings, rayImage } from "./pod.ts";

type PrefetchSettings = PodSettings &
  Pick<Settings, "app" | "engine" | "model" | "cache" | "namespace" | "head" | "worker">;

const SCRIPT = "prefetch_model.py";

export interface Prefetch {
  readonly script: ConfigMap;
  readonly job: Job;
}

/**
 * The Job that fills the model cache with the pinned revision, and its script. Downloads resume where an earlier
 * attempt stopped. The name carries what is fetched and where to, so that another model is another Job.
 */
export function renderPrefetch(settings: PrefetchSettings, scriptText: string): Prefetch | undefined {
  const { engine, model, cache, namespace } = settings;
  const fetched = modelToFetch(settings);
  if (engine !== "vllm" || !model.prefetch || !fetched || cache.type === "emptyDir") return undefined;
  const script: ConfigMap = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      name: `${SERVICE}-prefetch-${shortHash(scriptText)}`,
      namespace: namespace.name,
      labels: labels("prefetch"),
    },
    immutable: true,
    data: { [SCRIPT]: scriptText },
  };
  const spec = jobSpec(settings, script, fetched);
  const job: Job = {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      name: `${SERVICE}-prefetch-${shortHash(JSON.stringify(spec))}`,
      namespace: namespace.name,
      labels: labels("prefetch"),
    },
    spec,
  };
  return { script, job };
}

function jobSpec(
  settings: PrefetchSettings,
  script: ConfigMap,
  { repository, revision }: { repository: string; revision: string },
): Job["spec"] {
  const { images, model, cache, head, worker } = settings;
  // A shared volume can be filled from anywhere; a node's own directory or a single-node volume only where engines run.
  const node = cache.type === "pvc" && cache.accessMode === "ReadWriteMany" ? head : worker;
  return {
    backoffLimit: 5,
    activeDeadlineSeconds: model.prefetchTimeoutSeconds,
    template: {
      metadata: { labels: labels("prefetch") },
      spec: {
        ...basePodSpec(settings),
        // A failed pod stays with its log, and the next one goes on with what it has downloaded.
        restartPolicy: "Never",
        automountServiceAccountToken: false,
        nodeSelector: node.nodeSelector,
        tolerations: node.tolerations,
        containers: [
          {
            name: "prefetch",
            image: images.prefetch ?? rayImage(settings),
            imagePullPolicy: images.pullPolicy,
            ...containerSecurity(settings),
            command: ["python", `/prefetch/${SCRIPT}`, "--model", repository, "--revision", revision],
            env: modelAccessEnv(settings),
            resources: guaranteed({ cpu: "1", memory: "2Gi" }),
            volumeMounts: [{ name: "script", mountPath: "/prefetch", readOnly: true }, cacheMount],
          },
        ],
        volumes: [
          { name: "script", configMap: { name: script.metadata.name, items: [{ key: SCRIPT, path: SCRIPT }] } },
          cacheVolume(settings),
        ],
      },
    },
  };
}
