import {
  at,
  containers,
  isProps,
  isRayService,
  listAt,
  type Props,
  type Rule,
  unknown,
  workerGroups,
} from "../resource.ts";
import { wantsGpu } from "./limits.ts";

/** Where Hugging Face libraries keep models, most specific first. */
const cacheVariables = ["HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_HOME"];

export const cachePresent: Rule = {
  name: "cache-present",
  description: "Engines on a GPU keep the model in a volume, not in the container's own layer.",
  check: (resource) => {
    if (!isRayService(resource) || !wantsGpu(resource)) return [];
    return workerGroups(resource).flatMap(({ path, group }) => {
      const spec = at(group, "template.spec");
      return isProps(spec) && hasCache(spec)
        ? []
        : [`${path}.template.spec: no volume holds the model cache; mount one and point HF_HOME into it.`];
    });
  },
};

function hasCache(spec: Props): boolean {
  const volumes = new Map(listAt(spec, "volumes").map((volume) => [at(volume, "name"), volume]));
  return containers({ path: "", spec }).some(({ spec: container }) => {
    const directory = cacheDirectory(container);
    if (directory === unknown) return true;
    return listAt(container, "volumeMounts").some(
      (mount) => isInside(directory, at(mount, "mountPath")) && holdsModel(volumes.get(at(mount, "name"))),
    );
  });
}

function cacheDirectory(container: Props): unknown {
  const env = new Map(listAt(container, "env").map((variable) => [at(variable, "name"), at(variable, "value")]));
  return cacheVariables.map((name) => env.get(name)).find((value) => value !== undefined);
}

function isInside(directory: unknown, mount: unknown): boolean {
  if (typeof directory !== "string" || typeof mount !== "string") return false;
  return directory === mount || directory.startsWith(mount.endsWith("/") ? mount : `${mount}/`);
}

/** A volume in memory cannot hold a model: it counts against the pod's memory limit. */
function holdsModel(volume: unknown): boolean {
  return volume !== undefined && at(volume, "emptyDir.medium") !== "Memory";
}
