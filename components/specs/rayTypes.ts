import type { EnvVar, KubernetesObject, PodTemplate, Resources, SecurityContext, Service } from "./kubernetes.ts";

/** What this stack uses of ray.io/v1 RayService; tests compare it with the CRD, which drops misspelled fields silently. */
export interface RayService extends KubernetesObject {
  apiVersion: "ray.io/v1";
  kind: "RayService";
  spec: RayServiceSpec;
}

export interface RayServiceSpec {
  /** YAML of serveConfigV2; compared as a string. */
  serveConfigV2: string;
  serveService: Omit<Service, "apiVersion" | "kind">;
  upgradeStrategy: { type: string };
  rayClusterDeletionDelaySeconds: number;
  rayClusterConfig: RayClusterSpec;
}

export interface RayClusterSpec {
  rayVersion: string;
  enableInTreeAutoscaling: boolean;
  autoscalerOptions: AutoscalerOptions;
  authOptions: { mode: string; secretName: string };
  gcsFaultToleranceOptions?: GcsFaultToleranceOptions;
  headGroupSpec: { rayStartParams: Record<string, string>; template: PodTemplate };
  workerGroupSpecs: WorkerGroupSpec[];
}

export interface AutoscalerOptions {
  version: string;
  idleTimeoutSeconds: number;
  imagePullPolicy: string;
  env: EnvVar[];
  resources: Resources;
  securityContext?: SecurityContext;
}

export interface GcsFaultToleranceOptions {
  redisAddress: string;
  redisPassword?: { valueFrom: { secretKeyRef: { name: string; key: string } } };
}

export interface WorkerGroupSpec {
  groupName: string;
  replicas: number;
  minReplicas: number;
  maxReplicas: number;
  rayStartParams: Record<string, string>;
  scaleStrategy: Record<string, never>;
  template: PodTemplate;
}
