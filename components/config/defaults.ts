import type { Settings } from "./settings.ts";
import { versions } from "./versions.ts";

/** Every default of the stack. `location` has none: each location must be named. */
export const defaults: Omit<Settings, "location"> = {
  engine: "vllm",
  app: {},
  namespace: { name: "ai", create: true },
  cluster: {},
  images: { pullPolicy: "IfNotPresent", pullSecrets: [] },
  // A head that asks a package index at every start is nothing that a user gets unasked: where the network is closed each
  // start would wait for it.
  pdfLibraries: { install: "never" },
  scaling: {
    minReplicas: 0,
    maxReplicas: 2,
    // With 0, a rollout switches to a cluster without an engine and every client waits; see docs/deploying.md.
    initialReplicas: 1,
    targetOngoingRequests: 1,
    upscaleDelaySeconds: 30,
    downscaleDelaySeconds: 300,
    downscaleToZeroDelaySeconds: 300,
    lookBackPeriodSeconds: 30,
    // With Ray's default of 10 s, a sleeping engine learns of its first request only after that time.
    metricsIntervalSeconds: 1,
  },
  serve: {
    keepAliveTimeoutSeconds: 90,
    gracefulShutdownSeconds: 660,
    // By the bound of serve-app/bench/roofline.py, 32 pages at once reach a third of what 256 reach on an H100, and 128
    // three quarters. Two replicas together take all that queue.max_in_flight lets in.
    engineMaxOngoingRequests: 128,
    engineCpus: 2,
    apiMaxOngoingRequests: 1_000,
  },
  // The promised sizes, as request and limit: 2 to 4 CPUs and 8 to 16 GB, 4 to 8 CPUs and 24 to 32 GB.
  head: { cpu: "4", cpuRequest: "2", memory: "16Gi", memoryRequest: "8Gi", nodeSelector: {}, tolerations: [] },
  worker: {
    cpu: "8",
    cpuRequest: "4",
    memory: "32Gi",
    memoryRequest: "24Gi",
    gpus: 1,
    sharedMemory: "8Gi",
    nodeSelector: {},
    tolerations: [{ key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }],
    idleTimeoutSeconds: 60,
    spreadOver: "kubernetes.io/hostname",
  },
  rayService: {
    upgradeStrategy: "NewCluster",
    initializingTimeoutSeconds: 2_400,
    deployTimeoutSeconds: 2_700,
    clusterDeletionDelaySeconds: 720,
    podSecurity: true,
  },
  gcsFaultTolerance: { enabled: false },
  model: {
    prefetch: true,
    prefetchTimeoutSeconds: 3_600,
    offline: true,
  },
  cache: {
    type: "pvc",
    size: "30Gi",
    accessMode: "ReadWriteMany",
    hostPath: "/var/lib/deepseek-ocr",
  },
  auth: { enabled: false, rotation: "1" },
  gpuOperator: {
    mode: "install",
    namespace: "gpu-operator",
    createNamespace: true,
    chart: versions.charts.gpuOperator,
    values: {},
    driver: true,
    toolkit: true,
    nodeFeatureDiscovery: true,
    timeSlicingReplicas: 1,
  },
  kuberay: {
    mode: "install",
    namespace: "kuberay-system",
    createNamespace: true,
    chart: versions.charts.kuberay,
    values: {},
    installCrds: true,
    waitForGcs: false,
  },
  exposure: "tailscale",
  tailscale: {
    mode: "install",
    namespace: "tailscale",
    createNamespace: true,
    chart: versions.charts.tailscale,
    values: {},
    createOauthClient: false,
    operatorTag: "tag:k8s-operator",
    tags: ["tag:k8s"],
    https: false,
  },
  network: { policies: true, clientNamespaces: [], clientCidrs: [], operatorNamespaces: [] },
  monitoring: { podMonitor: false, grafanaDashboard: false, labels: {}, namespaces: ["monitoring"] },
};
