import type { Settings } from "./settings.ts";

/** What is allowed but worth a word at every deploy. */
export function warnings(settings: Settings): readonly string[] {
  const { engine, auth, gpuOperator, cache, scaling, model, network, exposure } = settings;
  const gpu = engine === "vllm";
  return [
    !auth.enabled &&
      `auth.enabled is false: everybody who reaches the service may call it${exposure === "tailscale" ? "; on the tailnet your ACL decides who that is" : ""}.`,
    !network.policies &&
      "network.policies is false: Ray's dashboard and GCS ports are open to every pod of the cluster; only Ray's token protects them.",
    gpu &&
      gpuOperator.mode === "install" &&
      gpuOperator.timeSlicingReplicas > 1 &&
      `gpuOperator.timeSlicingReplicas is ${gpuOperator.timeSlicingReplicas}: pods share a GPU without isolation of memory or faults; one that takes too much stops the others.`,
    gpu &&
      cache.type === "pvc" &&
      cache.accessMode === "ReadWriteOnce" &&
      scaling.maxReplicas > 1 &&
      "cache.accessMode is ReadWriteOnce: all workers must run on the node that holds the volume.",
    gpu &&
      cache.type === "hostPath" &&
      model.prefetch &&
      model.offline &&
      "cache.type is hostPath with model.offline: the model is fetched on one node only; engines on other nodes cannot start until it is there.",
    scaling.initialReplicas === 0 &&
      "scaling.initialReplicas is 0: a deploy does not prove that an engine starts, and a rollout makes clients wait for a cold one.",
  ].filter((warning): warning is string => typeof warning === "string");
}
