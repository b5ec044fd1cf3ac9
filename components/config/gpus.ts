import type { Settings } from "./settings.ts";

/** How many GPUs the service takes at which time. */
export interface GpuNeed {
  /** While no requests come in. */
  readonly asleep: number;
  /** Under full load. */
  readonly awake: number;
  /** While a deploy rolls out: from an idle cluster, and under full load. */
  readonly rollout: { readonly least: number; readonly most: number };
}

/** GPUs that the settings ask for. A rollout with `NewCluster` runs two clusters side by side. */
export function gpuNeed({ scaling, worker, rayService }: Pick<Settings, "scaling" | "worker" | "rayService">): GpuNeed {
  const { minReplicas, maxReplicas, initialReplicas } = scaling;
  const second = rayService.upgradeStrategy === "NewCluster" ? initialReplicas : 0;
  return {
    asleep: worker.gpus * minReplicas,
    awake: worker.gpus * maxReplicas,
    rollout: {
      // A cluster that sleeps may be woken by a request at any moment.
      least: worker.gpus * (Math.max(1, minReplicas) + second),
      most: worker.gpus * (maxReplicas + second),
    },
  };
}
