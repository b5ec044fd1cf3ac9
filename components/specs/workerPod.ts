import { hasModel } from "../config/engines.ts";
import { parseQuantity } from "../config/quantity.ts";
import type { Settings } from "../config/settings.ts";
import { appMount } from "./appConfigMaps.ts";
import { drainLifecycle, workerGraceSeconds } from "./drain.ts";
import { ports, rayLabels } from "./headPod.ts";
import type { EnvVar, PodTemplate, Volume } from "./kubernetes.ts";
import { cacheMount, cacheVolume, modelAccessEnv } from "./modelCache.ts";
import { basePodSpec, type PodSettings, placement, podResources, rayContainer, rayEnv } from "./pod.ts";

type WorkerSettings = PodSettings & Pick<Settings, "engine" | "worker" | "serve" | "model" | "cache">;

/** Ray refuses an object store below this. */
const SMALLEST_OBJECT_STORE = 75 * 2 ** 20;

/**
 * Half of /dev/shm for Ray's objects (page images in transit), the rest for the engine. By default Ray takes a share of
 * the pod's whole memory, and uses the disk if /dev/shm is smaller than that.
 */
export function workerStartParams({ worker }: Pick<Settings, "worker">): Record<string, string> {
  const bytes = Math.max(SMALLEST_OBJECT_STORE, Math.floor(parseQuantity(worker.sharedMemory) / 2));
  return { "object-store-memory": String(bytes) };
}

/** Pod of a worker: one engine replica with its GPU. */
export function renderWorkerPod(settings: WorkerSettings, app: Volume): PodTemplate {
  const { engine, worker, serve } = settings;
  const gpu: Record<string, string> = worker.gpus > 0 ? { "nvidia.com/gpu": String(worker.gpus) } : {};
  const loadsModel = hasModel(engine);
  return {
    metadata: { labels: rayLabels },
    spec: {
      ...basePodSpec(settings),
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: workerGraceSeconds(serve),
      ...placement(worker),
      ...(worker.runtimeClassName ? { runtimeClassName: worker.runtimeClassName } : {}),
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: worker.spreadOver,
          whenUnsatisfiable: "ScheduleAnyway",
          labelSelector: { matchLabels: { ...rayLabels, "ray.io/node-type": "worker" } },
        },
      ],
      containers: [
        {
          name: "ray-worker",
          ...rayContainer(settings),
          env: [...rayEnv(settings), ...(loadsModel ? engineEnv(settings) : [])],
          ports: [
            { name: "serve", containerPort: ports.serve },
            { name: "metrics", containerPort: ports.metrics },
          ],
          resources: podResources(worker, gpu),
          lifecycle: drainLifecycle,
          volumeMounts: [appMount, { name: "dshm", mountPath: "/dev/shm" }, ...(loadsModel ? [cacheMount] : [])],
        },
      ],
      volumes: [
        app,
        { name: "dshm", emptyDir: { medium: "Memory", sizeLimit: worker.sharedMemory } },
        ...(loadsModel ? [cacheVolume(settings)] : []),
      ],
    },
  };
}

function engineEnv(settings: Pick<Settings, "model" | "auth">): EnvVar[] {
  return [
    ...modelAccessEnv(settings),
    { name: "VLLM_NO_USAGE_STATS", value: "1" },
    ...(settings.model.offline ? [{ name: "HF_HUB_OFFLINE", value: "1" }] : []),
  ];
}
