import type { Settings } from "../config/settings.ts";
import { appMount } from "./appConfigMaps.ts";
import { HEAD_GRACE_SECONDS } from "./drain.ts";
import type { PodTemplate, Volume } from "./kubernetes.ts";
import { labels, secretRef } from "./names.ts";
import { type PdfLibrarySettings, renderPdfLibraries } from "./pdfLibraries.ts";
import { basePodSpec, headImage, placement, podResources, rayContainer, rayEnv } from "./pod.ts";
import { SERVE_PORT } from "./serveConfig.ts";

export const ports = {
  gcs: 6379,
  dashboard: 8265,
  client: 10001,
  serve: SERVE_PORT,
  metrics: 8080,
  agent: 52365,
} as const;

export const rayLabels = labels("ray");

/** The head takes no Ray tasks that reserve a CPU: engines go to workers, and the front reserves none. */
export const headStartParams = { "num-cpus": "0", "dashboard-host": "0.0.0.0" };

/**
 * Pod of the head: Ray's controller, the autoscaler (added by KubeRay), the Serve proxy that receives the first request,
 * and the front. KubeRay adds the probes, which use Ray's health endpoints.
 */
export function renderHeadPod(settings: PdfLibrarySettings & Pick<Settings, "head">, app: Volume): PodTemplate {
  const { head, auth } = settings;
  const image = { image: headImage(settings) };
  const libraries = renderPdfLibraries(settings, image, appMount);
  return {
    metadata: { labels: rayLabels },
    spec: {
      ...basePodSpec(settings),
      terminationGracePeriodSeconds: HEAD_GRACE_SECONDS,
      ...placement(head),
      ...libraries.pod,
      containers: [
        {
          name: "ray-head",
          ...rayContainer(settings),
          ...image,
          env: [
            ...rayEnv(settings),
            ...libraries.env,
            ...(auth.enabled
              ? [{ name: "OCR_API_KEY", valueFrom: { secretKeyRef: secretRef("apiKey", settings) } }]
              : []),
          ],
          ports: [
            { name: "gcs-server", containerPort: ports.gcs },
            { name: "dashboard", containerPort: ports.dashboard },
            { name: "client", containerPort: ports.client },
            { name: "serve", containerPort: ports.serve },
            { name: "metrics", containerPort: ports.metrics },
          ],
          resources: podResources(head),
          volumeMounts: [appMount, ...libraries.volumeMounts],
        },
      ],
      volumes: [app, ...libraries.volumes],
    },
  };
}
