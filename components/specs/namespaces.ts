import type { Settings } from "../config/settings.ts";
import type { Namespace } from "./kubernetes.ts";

/** The service's own namespace. Its pods need no privileges, so Kubernetes may refuse pods that do. */
export function renderServiceNamespace({ namespace, rayService, cache }: Settings): Namespace | undefined {
  if (!namespace.create) return undefined;
  // hostPath volumes are refused below the level `privileged`.
  const level = rayService.podSecurity && cache.type !== "hostPath" ? "restricted" : undefined;
  return renderNamespace(namespace.name, level);
}

/** An operator's namespace. Drivers and tailnet proxies need privileged pods, which many clusters refuse by default. */
export function renderOperatorNamespace(
  operator: { createNamespace: boolean; namespace: string },
  privileged: boolean,
): Namespace | undefined {
  if (!operator.createNamespace) return undefined;
  return renderNamespace(operator.namespace, privileged ? "privileged" : undefined);
}

function renderNamespace(name: string, level: "privileged" | "restricted" | undefined): Namespace {
  const labels = level ? { "pod-security.kubernetes.io/enforce": level } : {};
  return { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } };
}
