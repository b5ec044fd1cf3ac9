import { at, isRayService, type Rule } from "../resource.ts";
import { asksForGpu } from "./limits.ts";

const HEAD = "spec.rayClusterConfig.headGroupSpec";

export const headWithoutGpu: Rule = {
  name: "head-without-gpu",
  description: "The Ray head, which always runs, holds no GPU.",
  check: (resource) => {
    if (!isRayService(resource)) return [];
    const head = at(resource.props, HEAD);
    const gpus = at(head, "rayStartParams.num-gpus");
    return [
      ...(asksForGpu(head) ? [`${HEAD}.template: the head requests a GPU; only workers may have one.`] : []),
      ...(gpus !== undefined && String(gpus) !== "0" && typeof gpus !== "symbol"
        ? [`${HEAD}.rayStartParams.num-gpus: "${String(gpus)}"; write "0".`]
        : []),
    ];
  },
};
