import type { Toleration } from "../config/settings.ts";

/**
 * The parts of Kubernetes' types that this stack uses, written as plain data. tests/cluster checks what is made of
 * them against a real API server by strict dry run.
 */
export interface Metadata {
  name: string;
  namespace?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: Metadata;
}

export interface Namespace extends KubernetesObject {
  apiVersion: "v1";
  kind: "Namespace";
}

export interface EnvVar {
  name: string;
  value?: string;
  valueFrom?: { secretKeyRef: { name: string; key: string; optional?: boolean } };
}

export interface Resources {
  requests: Record<string, string>;
  limits: Record<string, string>;
}

export interface SecurityContext {
  allowPrivilegeEscalation: boolean;
  capabilities: { drop: string[] };
  runAsNonRoot: boolean;
}

export interface Lifecycle {
  preStop: { exec: { command: string[] } };
}

export interface Container {
  name: string;
  image: string;
  imagePullPolicy: string;
  command?: string[];
  env: EnvVar[];
  ports?: { name: string; containerPort: number }[];
  resources: Resources;
  lifecycle?: Lifecycle;
  securityContext?: SecurityContext;
  volumeMounts: { name: string; mountPath: string; readOnly?: boolean }[];
}

export interface ConfigMapSource {
  name: string;
  items: { key: string; path: string }[];
}

export interface Volume {
  name: string;
  configMap?: ConfigMapSource;
  projected?: { sources: { configMap: ConfigMapSource }[] };
  emptyDir?: { medium?: string; sizeLimit: string };
  hostPath?: { path: string; type: string };
  persistentVolumeClaim?: { claimName: string };
}

export interface TopologySpread {
  maxSkew: number;
  topologyKey: string;
  whenUnsatisfiable: string;
  labelSelector: { matchLabels: Record<string, string> };
}

export interface PodSpec {
  initContainers?: Container[];
  containers: Container[];
  volumes: Volume[];
  terminationGracePeriodSeconds?: number;
  restartPolicy?: string;
  nodeSelector?: Record<string, string>;
  tolerations?: Toleration[];
  topologySpreadConstraints?: TopologySpread[];
  priorityClassName?: string;
  runtimeClassName?: string;
  imagePullSecrets?: { name: string }[];
  automountServiceAccountToken?: boolean;
  enableServiceLinks?: boolean;
  securityContext?: {
    runAsNonRoot: boolean;
    runAsUser: number;
    fsGroup: number;
    fsGroupChangePolicy: string;
    seccompProfile: { type: string };
  };
}

export interface PodTemplate {
  metadata: { labels: Record<string, string> };
  spec: PodSpec;
}

export interface Service extends KubernetesObject {
  apiVersion: "v1";
  kind: "Service";
  spec: {
    type: string;
    loadBalancerClass?: string;
    ports: { name: string; port: number; targetPort: number; protocol: string }[];
  };
}

export interface ConfigMap extends KubernetesObject {
  apiVersion: "v1";
  kind: "ConfigMap";
  immutable?: boolean;
  data: Record<string, string>;
}

export interface Job extends KubernetesObject {
  apiVersion: "batch/v1";
  kind: "Job";
  spec: { backoffLimit: number; activeDeadlineSeconds: number; template: PodTemplate };
}

export interface PersistentVolumeClaim extends KubernetesObject {
  apiVersion: "v1";
  kind: "PersistentVolumeClaim";
  spec: {
    accessModes: string[];
    storageClassName?: string;
    resources: { requests: { storage: string } };
  };
}

export interface NetworkPolicyPeer {
  podSelector?: { matchLabels?: Record<string, string> };
  namespaceSelector?: { matchLabels?: Record<string, string> };
  ipBlock?: { cidr: string };
}

export interface NetworkPolicy extends KubernetesObject {
  apiVersion: "networking.k8s.io/v1";
  kind: "NetworkPolicy";
  spec: {
    podSelector: { matchLabels: Record<string, string> };
    policyTypes: string[];
    ingress: { from: NetworkPolicyPeer[]; ports?: { port: number; protocol: string }[] }[];
  };
}

export interface Ingress extends KubernetesObject {
  apiVersion: "networking.k8s.io/v1";
  kind: "Ingress";
  spec: {
    ingressClassName: string;
    defaultBackend: { service: { name: string; port: { number: number } } };
    tls: { hosts: string[] }[];
  };
}
