import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { HelmRelease } from "./specs/charts.ts";

/**
 * A real Helm release: hooks run and `helm ls` shows it. A failed install is rolled back, so that the next `up` starts
 * from nothing instead of half a release.
 */
export function helmRelease(
  name: string,
  release: HelmRelease,
  opts: pulumi.CustomResourceOptions,
  /** Installed only after this. */
  after?: pulumi.Output<unknown>,
): k8s.helm.v3.Release {
  const { repository, version } = release;
  return new k8s.helm.v3.Release(
    name,
    {
      name: release.name,
      namespace: after ? after.apply(() => release.namespace) : release.namespace,
      chart: release.chart,
      ...(version ? { version } : {}),
      ...(repository ? { repositoryOpts: { repo: repository } } : {}),
      values: release.values,
      skipCrds: release.skipCrds,
      atomic: true,
      timeout: HELM_TIMEOUT_SECONDS,
    },
    opts,
  );
}

/** Images of operators are small. Those of drivers are large, but the release does not wait for them. */
const HELM_TIMEOUT_SECONDS = 600;
