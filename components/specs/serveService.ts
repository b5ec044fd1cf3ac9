import type { Settings } from "../config/settings.ts";
import type { Ingress, Service } from "./kubernetes.ts";
import { hostname, labels } from "./names.ts";
import { SERVE_PORT } from "./serveConfig.ts";

type ExposureSettings = Pick<Settings, "location" | "namespace" | "exposure" | "tailscale">;

/** Port of the service, on the tailnet and in the cluster. */
export const PUBLIC_PORT = 80;

/**
 * The Service that KubeRay keeps pointed at the live cluster through every upgrade (RayService `spec.serveService`).
 * A Service of the stack could not follow: it would also select the pods of a cluster that is still starting.
 */
export function renderServeService(settings: ExposureSettings): Omit<Service, "apiVersion" | "kind"> {
  const tailnet = settings.exposure === "tailscale";
  const name = hostname(settings);
  return {
    metadata: {
      name,
      namespace: settings.namespace.name,
      labels: labels("serve"),
      ...(tailnet
        ? {
            annotations: {
              "tailscale.com/hostname": name,
              "tailscale.com/tags": settings.tailscale.tags.join(","),
            },
          }
        : {}),
    },
    spec: {
      type: tailnet ? "LoadBalancer" : "ClusterIP",
      ...(tailnet ? { loadBalancerClass: "tailscale" } : {}),
      // KubeRay looks for a port of this name.
      ports: [{ name: "serve", port: PUBLIC_PORT, targetPort: SERVE_PORT, protocol: "TCP" }],
    },
  };
}

/** HTTPS with a certificate of the tailnet, beside plain HTTP. */
export function renderHttpsIngress(settings: ExposureSettings): Ingress | undefined {
  if (settings.exposure !== "tailscale" || !settings.tailscale.https) return undefined;
  const service = hostname(settings);
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: {
      name: `${service}-https`,
      namespace: settings.namespace.name,
      labels: labels("serve"),
      annotations: { "tailscale.com/tags": settings.tailscale.tags.join(",") },
    },
    spec: {
      ingressClassName: "tailscale",
      defaultBackend: { service: { name: service, port: { number: PUBLIC_PORT } } },
      tls: [{ hosts: [`${service}-https`] }],
    },
  };
}
