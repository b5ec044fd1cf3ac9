import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "./config/settings.ts";
import { renderGrafanaDashboard } from "./specs/grafanaDashboard.ts";
import { renderPodMonitors } from "./specs/podMonitors.ts";
import { type Transforms, transformed } from "./transforms.ts";

/** Metrics for Prometheus and a dashboard for Grafana, if the settings enable them. */
export class Monitoring extends pulumi.ComponentResource {
  constructor(
    name: string,
    { settings, transforms }: { settings: Settings; transforms: Transforms },
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("deepseek-ocr-pulumi:index:Monitoring", name, {}, opts);
    const child = { parent: this };
    for (const monitor of renderPodMonitors(settings)) {
      const { apiVersion, kind, metadata, spec } = transformed(monitor, transforms.podMonitor);
      const args = { apiVersion, kind, metadata: { ...metadata }, spec };
      new k8s.apiextensions.CustomResource(`${name}-${metadata.name}`, args, child);
    }
    const dashboard = renderGrafanaDashboard(settings);
    if (dashboard) {
      new k8s.core.v1.ConfigMap(`${name}-dashboard`, transformed(dashboard, transforms.grafanaDashboard), child);
    }
    this.registerOutputs({});
  }
}
