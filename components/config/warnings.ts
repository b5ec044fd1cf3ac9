import { hasModel, usesGpu } from "./engines.ts";
import type { Settings } from "./settings.ts";

/** Settings that are allowed but risky: one sentence each, shown at every deploy. */
export function warnings(settings: Settings): readonly string[] {
  const { engine, auth, gpuOperator, cache, scaling, model, network, exposure } = settings;
  return [
    !auth.enabled &&
      `auth.enabled is false: anyone who can reach the service may call it${exposure === "tailscale" ? "; on the tailnet your ACL decides who that is" : ""}.`,
    !network.policies &&
      "network.policies is false: Ray's dashboard and GCS ports are open to every pod of the cluster; only Ray's token protects them.",
    usesGpu(engine) &&
      gpuOperator.mode === "install" &&
      gpuOperator.timeSlicingReplicas > 1 &&
      `gpuOperator.timeSlicingReplicas is ${gpuOperator.timeSlicingReplicas}: pods share a GPU without isolation of memory or faults; a pod that uses too much memory stops the others.`,
    hasModel(engine) &&
      cache.type === "pvc" &&
      cache.accessMode === "ReadWriteOnce" &&
      scaling.maxReplicas > 1 &&
      "cache.accessMode is ReadWriteOnce: all workers must run on the node that holds the volume.",
    hasModel(engine) &&
      cache.type === "hostPath" &&
      model.prefetch &&
      model.offline &&
      "cache.type is hostPath and model.offline is true: the model is fetched on one node only; engines on other nodes cannot start until the model is there too.",
    scaling.initialReplicas === 0 &&
      "scaling.initialReplicas is 0: a deploy does not prove that an engine starts, and after a rollout clients wait for a cold engine.",
  ].filter((warning): warning is string => typeof warning === "string");
}
