import runtimeEnv from "../../serve-app/ocr_app/runtime-env.json" with { type: "json" };
import type { Settings } from "../config/settings.ts";
import { versions } from "../config/versions.ts";
import { APP_PATH } from "./appConfigMap.ts";
import type { Container, EnvVar, PodSpec, Resources, SecurityContext } from "./kubernetes.ts";
import { secretRefs } from "./names.ts";

/** Settings that every pod of the service follows. */
export type PodSettings = Pick<Settings, "images" | "rayService" | "auth"> & {
  /** Whether the stack makes the Secret of `registryDockerConfig`. */
  readonly registrySecret: boolean;
};

/** User `ray` of Ray's images. */
const RAY_UID = 1000;

export function rayImage({ images }: Pick<Settings, "images">): string {
  return images.ray ?? versions.rayLlmImage;
}

/** What pods of the service have in common; the Ray container first, as KubeRay expects. */
export function basePodSpec(settings: PodSettings): Omit<PodSpec, "containers" | "volumes"> {
  const { images, rayService, registrySecret } = settings;
  const pullSecrets = [...images.pullSecrets, ...(registrySecret ? [secretRefs(settings).registry.name] : [])];
  return {
    enableServiceLinks: false,
    ...(pullSecrets.length > 0 ? { imagePullSecrets: pullSecrets.map((name) => ({ name })) } : {}),
    ...(rayService.priorityClassName ? { priorityClassName: rayService.priorityClassName } : {}),
    ...(rayService.podSecurity
      ? {
          securityContext: {
            runAsNonRoot: true,
            runAsUser: RAY_UID,
            fsGroup: RAY_UID,
            // The cache holds gigabytes that already belong to the group after the first pod.
            fsGroupChangePolicy: "OnRootMismatch",
            seccompProfile: { type: "RuntimeDefault" },
          },
        }
      : {}),
  };
}

/** What the Ray containers of head and workers have in common. */
export function rayContainer(settings: PodSettings): Pick<Container, "image" | "imagePullPolicy" | "securityContext"> {
  return { image: rayImage(settings), imagePullPolicy: settings.images.pullPolicy, ...containerSecurity(settings) };
}

export function containerSecurity({ rayService }: Pick<Settings, "rayService">): { securityContext?: SecurityContext } {
  if (!rayService.podSecurity) return {};
  return {
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] }, runAsNonRoot: true },
  };
}

/** Equal requests and limits: what a pod was promised is never taken away by its neighbours. */
export function guaranteed(resources: Record<string, string>): Resources {
  return { requests: { ...resources }, limits: { ...resources } };
}

/** Environment of head and workers alike: KubeRay leaves the command to the operator and Ray reads these. */
export function rayEnv(): EnvVar[] {
  return [
    { name: "PYTHONPATH", value: APP_PATH },
    // The code is mounted read-only; without this Python tries to write caches beside it.
    { name: "PYTHONDONTWRITEBYTECODE", value: "1" },
    { name: "RAY_USAGE_STATS_ENABLED", value: "0" },
    // Ray Serve's own switches, which its proxies and replicas read when their process starts; the file says why.
    ...Object.entries(runtimeEnv).map(([name, { value }]) => ({ name, value })),
  ];
}

/** Resources of a Ray pod; what it requests may be lower than its limits. */
export function podResources(
  { cpu, cpuRequest, memory, memoryRequest }: Pick<Settings["head"], "cpu" | "cpuRequest" | "memory" | "memoryRequest">,
  devices: Record<string, string> = {},
): Resources {
  const limits = { cpu, memory, ...devices };
  return { requests: { ...limits, cpu: cpuRequest, memory: memoryRequest }, limits };
}

/**
 * Where a pod may run. What is empty is left out, as KubeRay does: it writes a RayService back, and a list that comes
 * back different counts as KubeRay's own, so that Pulumi no longer sees it as what it asked for.
 */
export function placement({
  nodeSelector,
  tolerations,
}: Pick<Settings["head"], "nodeSelector" | "tolerations">): Pick<PodSpec, "nodeSelector" | "tolerations"> {
  return {
    ...(Object.keys(nodeSelector).length > 0 ? { nodeSelector } : {}),
    ...(tolerations.length > 0 ? { tolerations } : {}),
  };
}
