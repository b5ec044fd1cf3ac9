import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "./config/settings.ts";
import type { DeployTime } from "./deployTime.ts";
import { helmRelease } from "./helmRelease.ts";
import { upgradeCrds } from "./kube/crds.ts";
import { kuberayLeftovers, leftoversMessage } from "./kube/leftovers.ts";
import { renderKuberayRelease } from "./specs/kuberayRelease.ts";
import { renderOperatorNamespace } from "./specs/namespaces.ts";
import { type Transforms, transformed } from "./transforms.ts";

/**
 * The KubeRay operator, if the stack installs it. Everything that it manages must depend on this: because of its
 * finalizer a RayService cannot be deleted without the operator.
 */
export class KuberayOperator extends pulumi.ComponentResource {
  /** Resolves when the operator runs and its CRDs are those of its chart. */
  readonly ready: pulumi.Output<unknown>;

  constructor(
    name: string,
    { settings, transforms, deployTime }: { settings: Settings; transforms: Transforms; deployTime: DeployTime },
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("deepseek-ocr-pulumi:index:KuberayOperator", name, {}, opts);
    const namespace = renderOperatorNamespace(settings.kuberay, false);
    const dependsOn = namespace ? [new k8s.core.v1.Namespace(`${name}-namespace`, namespace, { parent: this })] : [];
    const release = transformed(renderKuberayRelease(settings), transforms.kuberayOperator);
    const free = deployTime.query(this, undefined, async (api) => {
      const leftovers = await kuberayLeftovers(api, release);
      if (leftovers.length > 0) throw new Error(leftoversMessage(leftovers));
    });
    const installed = helmRelease(`${name}-release`, release, { parent: this, dependsOn }, free);
    this.ready = deployTime.duringUp(this, installed.status, undefined, async (api, status, report) => {
      if (!settings.kuberay.installCrds) return;
      const outcome = await upgradeCrds(api, release, status.version);
      if (outcome.action !== "unchanged") report(outcome.message);
    });
    this.registerOutputs({});
  }
}
