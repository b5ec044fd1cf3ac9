import type { Settings } from "../config/settings.ts";
import { versions } from "../config/versions.ts";
import { type AppConfigMaps, appVolume } from "./appConfigMaps.ts";
import { headStartParams, renderHeadPod } from "./headPod.ts";
import { labels, SERVICE, secretRef } from "./names.ts";
import type { PdfLibrarySettings } from "./pdfLibraries.ts";
import { containerSecurity, insideClusterEnv } from "./pod.ts";
import type { AutoscalerOptions, GcsFaultToleranceOptions, RayService } from "./rayTypes.ts";
import { renderServeConfig, toYaml } from "./serveConfig.ts";
import { renderServeService } from "./serveService.ts";
import type { SourceFile } from "./sourceFiles.ts";
import { renderWorkerPod, workerStartParams } from "./workerPod.ts";

/** What the RayService refers to besides the settings. */
export interface RayServiceParts {
  readonly app: AppConfigMaps;
  readonly sources: readonly SourceFile[];
  /** Whether the stack makes the Secret of `registryDockerConfig`. */
  readonly registrySecret: boolean;
  /** Whether the stack makes the Secret of `redisPassword`. */
  readonly redisSecret: boolean;
  /** Whether the stack makes the Secret of `packageIndex`. */
  readonly packageIndexSecret: boolean;
}

/** The whole RayService. A change under rayClusterConfig starts a second cluster; the rest applies in place. */
export function renderRayService(settings: Settings, parts: RayServiceParts): RayService {
  const { rayService, namespace } = settings;
  return {
    apiVersion: "ray.io/v1",
    kind: "RayService",
    metadata: {
      name: SERVICE,
      namespace: namespace.name,
      labels: labels("ray-service"),
      annotations: {
        "ray.io/initializing-timeout": `${rayService.initializingTimeoutSeconds}s`,
        // KubeRay writes the object back and so owns fields that we set: without this every later update is a conflict.
        "pulumi.com/patchForce": "true",
        // Deleted means that its pods and Services are gone too: operators with finalizers on those are destroyed next.
        "pulumi.com/deletionPropagationPolicy": "foreground",
      },
    },
    spec: {
      serveConfigV2: toYaml(renderServeConfig(settings)),
      serveService: renderServeService(settings),
      upgradeStrategy: { type: rayService.upgradeStrategy },
      rayClusterDeletionDelaySeconds: rayService.clusterDeletionDelaySeconds,
      // Never excludeHeadPodFromServeSvc: with no worker, only the head's proxy can receive the first request. Its
      // default is false, and KubeRay removes a false when it writes the object back.
      rayClusterConfig: renderRayCluster(settings, parts),
    },
  };
}

function renderRayCluster(settings: Settings, parts: RayServiceParts): RayService["spec"]["rayClusterConfig"] {
  const { scaling } = settings;
  const app = appVolume(parts.app, parts.sources);
  const { registrySecret, packageIndexSecret } = parts;
  const pods: PdfLibrarySettings & Settings = { ...settings, registrySecret, packageIndexSecret };
  return {
    rayVersion: versions.ray,
    enableInTreeAutoscaling: true,
    autoscalerOptions: renderAutoscaler(settings),
    authOptions: { mode: "token", secretName: secretRef("rayAuth", settings).name },
    ...renderFaultTolerance(settings, parts.redisSecret),
    headGroupSpec: { rayStartParams: headStartParams, template: renderHeadPod(pods, app) },
    workerGroupSpecs: [
      {
        groupName: "engine",
        replicas: 0,
        minReplicas: 0,
        maxReplicas: scaling.maxReplicas,
        rayStartParams: workerStartParams(settings),
        // Empty, and written back by KubeRay where it is missing; see placement() in pod.ts for what that would do.
        scaleStrategy: {},
        template: renderWorkerPod(pods, app),
      },
    ],
  };
}

function renderAutoscaler(settings: Settings): AutoscalerOptions {
  return {
    version: "v2",
    idleTimeoutSeconds: settings.worker.idleTimeoutSeconds,
    imagePullPolicy: settings.images.pullPolicy,
    // Ray's default of 5 s is time that every wake-up waits.
    env: [{ name: "AUTOSCALER_UPDATE_INTERVAL_S", value: "1" }, ...insideClusterEnv()],
    resources: { requests: { cpu: "200m", memory: "512Mi" }, limits: { cpu: "1", memory: "1Gi" } },
    ...containerSecurity(settings),
  };
}

function renderFaultTolerance(
  settings: Settings,
  withPassword: boolean,
): { gcsFaultToleranceOptions?: GcsFaultToleranceOptions } {
  const { enabled, redisAddress } = settings.gcsFaultTolerance;
  if (!enabled || !redisAddress) return {};
  const password = { redisPassword: { valueFrom: { secretKeyRef: secretRef("redisPassword", settings) } } };
  return { gcsFaultToleranceOptions: { redisAddress, ...(withPassword ? password : {}) } };
}
