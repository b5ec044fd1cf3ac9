import { parse } from "yaml";
import {
  at,
  containers,
  GPU,
  isProps,
  isRayService,
  listAt,
  podSpecs,
  type Resource,
  type Rule,
  walk,
  workerGroups,
} from "../resource.ts";

export const memoryLimits: Rule = {
  name: "memory-limits",
  description: "Every container has a memory limit, so that one page cannot exhaust a node's memory.",
  check: (resource) =>
    podSpecs(resource)
      .flatMap(containers)
      .filter(({ spec }) => at(spec, "resources.limits.memory") === undefined)
      .map(({ path, name }) => `${path}.resources.limits.memory: container "${name}" has none; set one.`),
};

export const gpuLimits: Rule = {
  name: "gpu-limits",
  description: "If an engine reserves a GPU in Ray, every worker pod requests one from Kubernetes.",
  check: (resource) => {
    if (!isRayService(resource) || !wantsGpu(resource)) return [];
    const groups = workerGroups(resource);
    if (groups.length === 0)
      return ["spec.rayClusterConfig.workerGroupSpecs: an engine needs a GPU and no worker has one."];
    return groups
      .filter(({ group }) => !asksForGpu(group))
      .map(({ path }) => {
        const limit = `${path}.template.spec.containers[0].resources.limits`;
        return `${limit}: the engine needs a GPU; set "${GPU}".`;
      });
  },
};

/** Whether a deployment of serveConfigV2 reserves GPUs. */
export function wantsGpu({ props }: Resource): boolean {
  const text = at(props, "spec.serveConfigV2");
  if (typeof text !== "string") return false;
  return listAt(parse(text), "applications")
    .flatMap((application) => listAt(application, "deployments"))
    .some((deployment) => Number(at(deployment, "ray_actor_options.num_gpus") ?? 0) > 0);
}

/** Whether any container inside `value` has a GPU among its limits; Kubernetes takes requests from limits. */
export function asksForGpu(value: unknown): boolean {
  return [...walk(value)].some(
    ({ path, value: part }) => /\.resources\.(limits|requests)$/.test(path) && isProps(part) && hasGpu(part[GPU]),
  );
}

function hasGpu(quantity: unknown): boolean {
  return quantity !== undefined && String(quantity) !== "0";
}
