import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "./config/settings.ts";
import { helmRelease } from "./helmRelease.ts";
import { renderGpuOperatorRelease } from "./specs/gpuOperatorRelease.ts";
import { renderOperatorNamespace } from "./specs/namespaces.ts";
import { type Transforms, transformed } from "./transforms.ts";

/** The NVIDIA GPU Operator, if the stack installs it. */
export class GpuOperator extends pulumi.ComponentResource {
  constructor(
    name: string,
    { settings, transforms }: { settings: Settings; transforms: Transforms },
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("deepseek-ocr-pulumi:index:GpuOperator", name, {}, opts);
    const namespace = renderOperatorNamespace(settings.gpuOperator, true);
    const dependsOn = namespace ? [new k8s.core.v1.Namespace(`${name}-namespace`, namespace, { parent: this })] : [];
    const release = transformed(renderGpuOperatorRelease(settings), transforms.gpuOperator);
    helmRelease(`${name}-release`, release, { parent: this, dependsOn });
    this.registerOutputs({});
  }
}
