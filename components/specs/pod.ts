import runtimeEnv from "../../serve-app/ocr_app/runtime-env.json" with { type: "json" };
import { engineFacts } from "../config/engines.ts";
import type { Settings } from "../config/settings.ts";
import { APP_PATH } from "./appConfigMaps.ts";
import type { Container, EnvVar, PodSpec, Resources, SecurityContext } from "./kubernetes.ts";
import { secretRef } from "./names.ts";
import { pythonPath } from "./sourceFiles.ts";

/** Settings that every pod of the service follows. */
export type PodSettings = Pick<Settings, "engine" | "images" | "rayService" | "auth"> & {
  /** Whether the stack makes the Secret of `registryDockerConfig`. */
  readonly registrySecret: boolean;
};

/** User `ray` of Ray's images. */
const RAY_UID = 1000;

/** @throws if the engine has no public image and none is named; the configuration's rules refuse that before. */
export function rayImage({ engine, images }: Pick<Settings, "engine" | "images">): string {
  const image = images.ray ?? engineFacts(engine).image;
  if (!image) throw new Error(`engine ${engine} has no public image: set images.ray`);
  return image;
}

/** The head needs no CUDA, and so may have an image of its own. */
export function headImage(settings: Pick<Settings, "engine" | "images">): string {
  return settings.images.head ?? rayImage(settings);
}

/** What pods of the service have in common; the Ray container first, as KubeRay expects. */
export function basePodSpec(settings: PodSettings): Omit<PodSpec, "containers" | "volumes"> {
  const { images, rayService, registrySecret } = settings;
  const pullSecrets = [
    ...images.pullSecrets,
    ...(registrySecret ? [secretRef("registryDockerConfig", settings).name] : []),
  ];
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

/** Security context of a container, without privileges; nothing if rayService.podSecurity is false. */
export function containerSecurity({ rayService }: Pick<Settings, "rayService">): { securityContext?: SecurityContext } {
  if (!rayService.podSecurity) return {};
  return {
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] }, runAsNonRoot: true },
  };
}

/** Equal requests and limits: other pods of the node cannot use what this pod has requested. */
export function guaranteed(resources: Record<string, string>): Resources {
  return { requests: { ...resources }, limits: { ...resources } };
}

/** Environment of head and workers alike: KubeRay leaves the command to the operator and Ray reads these. */
export function rayEnv({ images }: Pick<Settings, "images">): EnvVar[] {
  return [
    ...pythonPath(APP_PATH),
    // Ray's default is "patch": a worker whose Python is 3.12.11 does not join a head whose Python is 3.12.12. Nothing
    // relaxes its check of Ray's own version. https://github.com/ray-project/ray/pull/57552
    ...(images.head ? [{ name: "RAY_DEFAULT_PYTHON_VERSION_MATCH_LEVEL", value: "minor" }] : []),
    { name: "RAY_USAGE_STATS_ENABLED", value: "0" },
    // Ray Serve's own switches, which its proxies and replicas read when their process starts; the file says why.
    ...Object.entries(runtimeEnv).map(([name, { value }]) => ({ name, value })),
    ...insideClusterEnv(),
  ];
}

/**
 * Keeps what runs inside the cluster off a proxy that the cluster gives its pods (HTTPS_PROXY), which Hugging Face
 * downloads still use.
 *
 * gRPC, by which Ray Serve reaches its replicas, takes its proxy from `grpc_proxy` before the others, and none if that
 * is empty: replicas are reached by pod IPs, whose network is not known here. The others are for the probes' wget, which
 * reads the lower case only, and for Python.
 */
export function insideClusterEnv(): EnvVar[] {
  const hosts = "localhost,127.0.0.1,::1,kubernetes.default,.svc,.cluster.local";
  return [
    // Without a value, which is the same as an empty one: KubeRay leaves it out when it writes the object back.
    { name: "grpc_proxy" },
    { name: "no_proxy", value: hosts },
    { name: "NO_PROXY", value: hosts },
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
 * Where a pod may run. Empty values are left out, as KubeRay does: it writes a RayService back, and a list that it
 * changed counts as KubeRay's own, so that Pulumi would no longer manage it.
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
