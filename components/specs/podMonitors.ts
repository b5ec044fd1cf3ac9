import type { Settings } from "../config/settings.ts";
import { rayLabels } from "./headPod.ts";
import type { KubernetesObject } from "./kubernetes.ts";
import { labels, SERVICE } from "./names.ts";

export interface PodMonitor extends KubernetesObject {
  kind: "PodMonitor";
  spec: {
    selector: { matchLabels: Record<string, string> };
    podMetricsEndpoints: { port: string; path: string; interval: string }[];
  };
}

/** Ray's metrics of every pod, and the application's own, which live in the front and so on the head only. */
export function renderPodMonitors({ monitoring, namespace }: Pick<Settings, "monitoring" | "namespace">): PodMonitor[] {
  if (!monitoring.podMonitor) return [];
  const monitor = (name: string, podLabels: Record<string, string>, port: string): PodMonitor => ({
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PodMonitor",
    metadata: {
      name: `${SERVICE}-${name}`,
      namespace: namespace.name,
      labels: { ...labels("monitoring"), ...monitoring.labels },
    },
    spec: {
      selector: { matchLabels: { ...rayLabels, ...podLabels } },
      podMetricsEndpoints: [{ port, path: "/metrics", interval: "15s" }],
    },
  });
  return [monitor("ray", {}, "metrics"), monitor("app", { "ray.io/node-type": "head" }, "serve")];
}
