import { merge } from "../config/merge.ts";
import type { Settings } from "../config/settings.ts";
import { chartSource, type HelmRelease } from "./charts.ts";

/**
 * The KubeRay operator, watching only the service's namespace. Helm installs the CRDs in crds/ once and never upgrades
 * them, while an old CRD silently drops new fields: components/kuberayOperator.ts does that after the release.
 */
export function renderKuberayRelease({ kuberay, namespace }: Pick<Settings, "kuberay" | "namespace">): HelmRelease {
  const rendered = {
    watchNamespace: [namespace.name],
    singleNamespaceInstall: true,
    resources: { requests: { cpu: "100m", memory: "256Mi" }, limits: { cpu: "500m", memory: "512Mi" } },
    // With autoscaler v2 a worker that comes up without its head is replaced, so it need not wait for it.
    env: [{ name: "ENABLE_INIT_CONTAINER_INJECTION", value: String(kuberay.waitForGcs) }],
  };
  return {
    name: "kuberay-operator",
    namespace: kuberay.namespace,
    ...chartSource(kuberay.chart),
    skipCrds: !kuberay.installCrds,
    values: merge(rendered, kuberay.values) as HelmRelease["values"],
  };
}
