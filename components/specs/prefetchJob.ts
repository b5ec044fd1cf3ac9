import type { Settings } from "../config/settings.ts";
import { shortHash } from "./hash.ts";
import type { ConfigMap, Job, Volume } from "./kubernetes.ts";
import { cacheMount, cacheVolume, type ModelRevision, modelAccessEnv } from "./modelCache.ts";
import { labels, SERVICE } from "./names.ts";
import { basePodSpec, containerSecurity, guaranteed, type PodSettings, rayImage } from "./pod.ts";
import { pythonPath, type SourceFile, toData, toItems } from "./sourceFiles.ts";

type PrefetchSettings = PodSettings & Pick<Settings, "model" | "cache" | "namespace" | "head" | "worker">;

const MODULE = "ocr_app.prefetch_model";
const SCRIPT_PATH = "/prefetch";

export interface Prefetch {
  readonly script: ConfigMap;
  readonly job: Job;
}

/**
 * The Job that fills the model cache with the pinned revision, and its script. Downloads resume where an earlier
 * attempt stopped. The name carries what is fetched and where to, so that another model is another Job.
 *
 * @param wanted undefined if the engine fetches no model.
 * @param sources files of the module that the Job runs.
 */
export function renderPrefetch(
  settings: PrefetchSettings,
  wanted: ModelRevision | undefined,
  sources: readonly SourceFile[],
): Prefetch | undefined {
  const { model, cache, namespace } = settings;
  if (!model.prefetch || !wanted || cache.type === "emptyDir") return undefined;
  const data = toData(sources);
  const script: ConfigMap = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      name: `${SERVICE}-prefetch-${shortHash(JSON.stringify(data))}`,
      namespace: namespace.name,
      labels: labels("prefetch"),
    },
    immutable: true,
    data,
  };
  const volume = { name: "script", configMap: { name: script.metadata.name, items: toItems(sources) } };
  const spec = jobSpec(settings, volume, wanted);
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

function jobSpec(settings: PrefetchSettings, script: Volume, { repository, revision }: ModelRevision): Job["spec"] {
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
        // A failed pod stays with its log, and the next one resumes the download.
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
            command: ["python", "-m", MODULE, "--model", repository, "--revision", revision],
            env: [...pythonPath(SCRIPT_PATH), ...modelAccessEnv(settings)],
            resources: guaranteed({ cpu: "1", memory: "2Gi" }),
            volumeMounts: [{ name: script.name, mountPath: SCRIPT_PATH, readOnly: true }, cacheMount],
          },
        ],
        volumes: [script, cacheVolume(settings)],
      },
    },
  };
}
