import { stringify } from "yaml";
import { merge } from "../config/merge.ts";
import type { Settings } from "../config/settings.ts";
import { chartSource, type HelmRelease } from "./charts.ts";
import { shortHash } from "./hash.ts";

/**
 * The NVIDIA GPU Operator, with its CRDs: the chart itself upgrades them by a hook.
 */
export function renderGpuOperatorRelease({ gpuOperator }: Pick<Settings, "gpuOperator">): HelmRelease {
  const rendered = {
    driver: { enabled: gpuOperator.driver },
    toolkit: { enabled: gpuOperator.toolkit },
    nfd: { enabled: gpuOperator.nodeFeatureDiscovery },
    ...(gpuOperator.timeSlicingReplicas > 1
      ? { devicePlugin: { config: timeSlicing(gpuOperator.timeSlicingReplicas) } }
      : {}),
  };
  return {
    name: "gpu-operator",
    namespace: gpuOperator.namespace,
    ...chartSource(gpuOperator.chart),
    skipCrds: false,
    values: merge(rendered, gpuOperator.values) as HelmRelease["values"],
  };
}

/** Named by its content: the device plugin does not reload a ConfigMap that changes under its name. */
function timeSlicing(replicas: number) {
  const any = stringify({
    version: "v1",
    flags: { migStrategy: "none" },
    sharing: {
      timeSlicing: {
        renameByDefault: false,
        failRequestsGreaterThanOne: true,
        resources: [{ name: "nvidia.com/gpu", replicas }],
      },
    },
  });
  // Without `default`, nothing applies until every node carries a label.
  return { name: `time-slicing-${shortHash(any)}`, create: true, default: "any", data: { any } };
}
