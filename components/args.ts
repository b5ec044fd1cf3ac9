// Made by `npm run generate` from components/config/schema.ts and components/config/defaults.ts; change those.
// biome-ignore-all lint/suspicious/noExplicitAny: free-form values; Pulumi's analyzer knows no `unknown`.
import type * as pulumi from "@pulumi/pulumi";

/** Everything that can be set about a location. */
export interface DeepSeekOcrArgs {
  /** Name of this location, such as hel1. It starts the name on the tailnet: LOCATION-ai-deepseek-ocr. */
  location: string;
  /** What reads the pages: `vllm` (DeepSeek-OCR on a GPU), `cpu` (RapidOCR, no GPU) or `null` (answers at once, for tests). Defaults to "vllm". */
  engine?: string;
  /** Settings of the application, laid over the defaults of serve-app/ocr_app/settings.py. A change rolls in place. Defaults to {}. */
  app?: { [key: string]: any };
  /** Where the service lives. */
  namespace?: NamespaceArgs;
  /** Which cluster. */
  cluster?: ClusterArgs;
  /** Container images of the service itself; the operators' images are set in their `values`. */
  images?: ImagesArgs;
  /** Autoscaling of the engine. A change rolls in place. */
  scaling?: ScalingArgs;
  /** Ray Serve. A change rolls in place. */
  serve?: ServeArgs;
  /** Pod of the Ray head: the front and the controller, never an engine. A change starts a second cluster. */
  head?: HeadArgs;
  /** Pods of the Ray workers, one engine replica each. A change starts a second cluster. */
  worker?: WorkerArgs;
  /** The RayService itself. */
  rayService?: RayServiceArgs;
  /** Fault tolerance of the head. */
  gcsFaultTolerance?: GcsFaultToleranceArgs;
  /** Access to the model, used by engine `vllm` only. Which model and revision: `app.vllm`. */
  model?: ModelArgs;
  /** Where the model and compiled kernels are kept, used by engine `vllm` only. */
  cache?: CacheArgs;
  /** API key of the service. It is generated, unless the secret `apiKey` gives one. */
  auth?: AuthArgs;
  /** GPU Operator, used by engine `vllm` only. */
  gpuOperator?: GpuOperatorArgs;
  /** KubeRay operator. */
  kuberay?: KuberayArgs;
  /** `tailscale` publishes the service on the tailnet; `none` leaves it inside the cluster. Defaults to "tailscale". */
  exposure?: string;
  /** Tailscale. Nothing that is shared by the whole tailnet is ever changed. */
  tailscale?: TailscaleArgs;
  /** Network policies; they need a network plugin that enforces them. */
  network?: NetworkArgs;
  /** Monitoring. */
  monitoring?: MonitoringArgs;
  /** Secrets. */
  secrets?: SecretArgs;
}

/** Secrets; none of them has a default. */
export interface SecretArgs {
  /** Token of Hugging Face. The default model needs none; gated ones do. */
  huggingFaceToken?: pulumi.Input<string>;
  /** Secret of the OAuth client that tailscale.oauthClientId names. */
  tailscaleOauthClientSecret?: pulumi.Input<string>;
  /** API key of the service, instead of a generated one. Change auth.rotation with it. */
  apiKey?: pulumi.Input<string>;
  /** Password of the Redis that gcsFaultTolerance.redisAddress names. */
  redisPassword?: pulumi.Input<string>;
  /** Contents of a .dockerconfigjson, from which a pull Secret is made in the namespace. */
  registryDockerConfig?: pulumi.Input<string>;
  /** Contents of a kubeconfig, instead of a file. */
  kubeconfig?: pulumi.Input<string>;
}

/** Where the service lives. */
export interface NamespaceArgs {
  /** Namespace of the RayService and all that belongs to it. Defaults to "ai". */
  name?: string;
  /** Create the namespace; turn off where it exists. Defaults to true. */
  create?: boolean;
}

/** Which cluster. */
export interface ClusterArgs {
  /** Context of the kubeconfig; its current one where it is left out. */
  context?: string;
  /** Path of a kubeconfig file; KUBECONFIG or ~/.kube/config where it is left out. The secret `kubeconfig` takes precedence. */
  kubeconfig?: string;
  /** GPUs that this service may use, shares of time-slicing counted. Where it is given, a rollout that needs more is refused. */
  gpus?: number;
}

/** Container images of the service itself; the operators' images are set in their `values`. */
export interface ImagesArgs {
  /** Image of the Ray head and workers. Needed for engine `cpu`: build serve-app/Dockerfile. */
  ray?: string;
  /** Image of the Job that fills the model cache; the Ray image where it is left out. It needs Python with huggingface_hub. */
  prefetch?: string;
  /** When nodes pull the images. Defaults to "IfNotPresent". */
  pullPolicy?: string;
  /** Existing image pull Secrets in the namespace. The secret `registryDockerConfig` adds one. Defaults to []. */
  pullSecrets?: string[];
}

/** Autoscaling of the engine. A change rolls in place. */
export interface ScalingArgs {
  /** Fewest engine replicas; 0 gives the GPUs back when nobody asks. Defaults to 0. */
  minReplicas?: number;
  /** Most engine replicas, one GPU each. Defaults to 2. */
  maxReplicas?: number;
  /** Replicas that a deploy starts with. With 1 a deploy proves that the engine starts and a rollout is never cold; with 0 it needs no GPU. Defaults to 1. */
  initialReplicas?: number;
  /** Requests per replica, running and queued, that the autoscaler aims at. Defaults to 1. */
  targetOngoingRequests?: number;
  /** Time of steady load before another replica is added. Waking from 0 does not wait for it. Defaults to 30. */
  upscaleDelaySeconds?: number;
  /** Idle time before a replica is taken away. Defaults to 300. */
  downscaleDelaySeconds?: number;
  /** Idle time before the last replica is taken away; averaging adds about lookBackPeriodSeconds. Defaults to 300. */
  downscaleToZeroDelaySeconds?: number;
  /** Window over which load is averaged; longer than metricsIntervalSeconds. Defaults to 30. */
  lookBackPeriodSeconds?: number;
  /** How often load is reported. It bounds how soon a sleeping engine hears of a request. Defaults to 1. */
  metricsIntervalSeconds?: number;
}

/** Ray Serve. A change rolls in place. */
export interface ServeArgs {
  /** How long an idle client connection stays open. Defaults to 90. */
  keepAliveTimeoutSeconds?: number;
  /** Time a replica gets to finish its pages before it is stopped; longer than the longest page (app.queue.request_timeout_s). Defaults to 660. */
  gracefulShutdownSeconds?: number;
  /** Pages that one engine replica works on at once; more than scaling.targetOngoingRequests, because vLLM batches. Defaults to 32. */
  engineMaxOngoingRequests?: number;
  /** CPUs that Ray reserves for one engine replica, in its worker. Defaults to 2. */
  engineCpus?: number;
  /** Requests the front holds at once, waiting ones and health checks included; more than app.queue.max_in_flight. Defaults to 1000. */
  apiMaxOngoingRequests?: number;
}

/** Pod of the Ray head: the front and the controller, never an engine. A change starts a second cluster. */
export interface HeadArgs {
  /** CPU limit of the pod. Defaults to "4". */
  cpu?: string;
  /** CPU request of the pod, at most `cpu`. Defaults to "2". */
  cpuRequest?: string;
  /** Memory limit of the pod; /dev/shm counts against it. Defaults to "16Gi". */
  memory?: string;
  /** Memory request of the pod, at most `memory`. Defaults to "8Gi". */
  memoryRequest?: string;
  /** Labels that a node must have. Defaults to {}. */
  nodeSelector?: { [key: string]: string };
  /** Taints that the pod tolerates. Defaults to []. */
  tolerations?: TolerationArgs[];
}

/** One of them. */
export interface TolerationArgs {
  /** Taint key; every key where it is left out. */
  key?: string;
  /** How the taint's value is compared. */
  operator?: string;
  /** Taint value, with operator Equal. */
  value?: string;
  /** Taint effect; every effect where it is left out. */
  effect?: string;
}

/** Pods of the Ray workers, one engine replica each. A change starts a second cluster. */
export interface WorkerArgs {
  /** CPU limit of the pod. Defaults to "8". */
  cpu?: string;
  /** CPU request of the pod, at most `cpu`. Defaults to "4". */
  cpuRequest?: string;
  /** Memory limit of the pod; /dev/shm counts against it. Defaults to "32Gi". */
  memory?: string;
  /** Memory request of the pod, at most `memory`. Defaults to "24Gi". */
  memoryRequest?: string;
  /** Labels that a node must have. Defaults to {}. */
  nodeSelector?: { [key: string]: string };
  /** Taints that the pod tolerates. Defaults to [{"key":"nvidia.com/gpu","operator":"Exists","effect":"NoSchedule"}]. */
  tolerations?: TolerationArgs[];
  /** GPUs of one worker pod: 1, or 0 for engines cpu and null. Defaults to 1. */
  gpus?: number;
  /** Size of /dev/shm. Defaults to "8Gi". */
  sharedMemory?: string;
  /** RuntimeClass, such as `nvidia`, where the cluster needs one to reach the GPU. */
  runtimeClassName?: string;
  /** Time after which a worker pod without replicas is removed. Defaults to 60. */
  idleTimeoutSeconds?: number;
  /** Node label over which several workers are spread, where nodes allow it. Defaults to "kubernetes.io/hostname". */
  spreadOver?: string;
}

/** The RayService itself. */
export interface RayServiceArgs {
  /** `NewCluster` starts a second cluster beside the first and switches when it is ready; `None` leaves a running cluster as it is: changed pods take effect when the RayService is deleted. Defaults to "NewCluster". */
  upgradeStrategy?: string;
  /** Time a new cluster gets to become ready (node, image, model, engine). Past it KubeRay gives up for good and the next `up` replaces the RayService. Defaults to 2400. */
  initializingTimeoutSeconds?: number;
  /** Longest time that `pulumi up` waits for the service; longer than initializingTimeoutSeconds. Defaults to 2700. */
  deployTimeoutSeconds?: number;
  /** Time the old cluster lives on after a switch, for the requests it still serves. Defaults to 720. */
  clusterDeletionDelaySeconds?: number;
  /** PriorityClass of head and workers. */
  priorityClassName?: string;
  /** Run as a non-root user without privileges. Turn off only for images that need root. Defaults to true. */
  podSecurity?: boolean;
}

/** Fault tolerance of the head. */
export interface GcsFaultToleranceArgs {
  /** Keep the head's state in a Redis of yours, so that the service survives the loss of its head. Defaults to false. */
  enabled?: boolean;
  /** Address of that Redis, such as redis.ai.svc:6379. The secret `redisPassword` is its password. */
  redisAddress?: string;
}

/** Access to the model, used by engine `vllm` only. Which model and revision: `app.vllm`. */
export interface ModelArgs {
  /** Existing Secret with key `token`, instead of the secret `huggingFaceToken`. The default model needs neither. */
  tokenSecretName?: string;
  /** Mirror of Hugging Face (HF_ENDPOINT), for closed networks. */
  endpoint?: string;
  /** Fill the cache by a Job before the service is declared ready. Needs a cache that pods share: pvc or hostPath. Defaults to true. */
  prefetch?: boolean;
  /** Longest time for that Job. Defaults to 3600. */
  prefetchTimeoutSeconds?: number;
  /** Engines read the cache only and never the network. Needs prefetch, or a cache that is already filled. Defaults to true. */
  offline?: boolean;
}

/** Where the model and compiled kernels are kept, used by engine `vllm` only. */
export interface CacheArgs {
  /** `pvc` is shared and kept; `hostPath` is per node; `emptyDir` is downloaded again at every wake-up. Defaults to "pvc". */
  type?: string;
  /** Size of the cache. Defaults to "30Gi". */
  size?: string;
  /** StorageClass of the PVC; the cluster's default where it is left out. */
  storageClass?: string;
  /** Access mode of the PVC. Workers on two nodes need ReadWriteMany. Defaults to "ReadWriteMany". */
  accessMode?: string;
  /** Existing PVC in the namespace to use instead of a new one; it survives a destroy. */
  existingClaim?: string;
  /** Directory on the node, with type hostPath; writable by uid 1000. Defaults to "/var/lib/deepseek-ocr". */
  hostPath?: string;
}

/** API key of the service. It is generated, unless the secret `apiKey` gives one. */
export interface AuthArgs {
  /** Ask clients for a key. Off, everybody who reaches the service may call it: on the tailnet your ACL decides, in the cluster the network policy. Defaults to false. */
  enabled?: boolean;
  /** Change this text to make a new key. The pods restart with it. Defaults to "1". */
  rotation?: string;
}

/** GPU Operator, used by engine `vllm` only. */
export interface GpuOperatorArgs {
  /** `install` puts the NVIDIA GPU Operator in with Helm; `existing` uses what the cluster has. Defaults to "install". */
  mode?: string;
  /** Namespace of the NVIDIA GPU Operator. Defaults to "gpu-operator". */
  namespace?: string;
  /** Create that namespace; turn off where it exists. Defaults to true. */
  createNamespace?: boolean;
  /** Where the chart comes from. */
  chart?: ChartArgs;
  /** Helm values laid over the rendered ones. Defaults to {}. */
  values?: { [key: string]: any };
  /** Let the operator install the driver. Turn off where the node image has one (most managed clusters). Defaults to true. */
  driver?: boolean;
  /** Let the operator install the container toolkit. Turn off where the node image has it. Defaults to true. */
  toolkit?: boolean;
  /** Install Node Feature Discovery. Turn off where the cluster has it. Defaults to true. */
  nodeFeatureDiscovery?: boolean;
  /** Share each GPU among this many pods. Above 1, memory and faults are not isolated: every engine must fit its share. Defaults to 1. */
  timeSlicingReplicas?: number;
}

/** Where the chart comes from. */
export interface ChartArgs {
  /** Helm repository of the NVIDIA GPU Operator chart; empty where `name` is an oci:// reference or a local path. */
  repository?: string;
  /** Chart name in the repository, oci:// reference, or path of a chart directory or archive. */
  name?: string;
  /** Chart version; empty for a local path. */
  version?: string;
}

/** KubeRay operator. */
export interface KuberayArgs {
  /** `install` puts the KubeRay operator in with Helm; `existing` uses what the cluster has. Defaults to "install". */
  mode?: string;
  /** Namespace of the KubeRay operator. Defaults to "kuberay-system". */
  namespace?: string;
  /** Create that namespace; turn off where it exists. Defaults to true. */
  createNamespace?: boolean;
  /** Where the chart comes from. */
  chart?: ChartArgs;
  /** Helm values laid over the rendered ones. Defaults to {}. */
  values?: { [key: string]: any };
  /** Install KubeRay's CRDs and upgrade them with the chart. They stay when the stack is destroyed. Defaults to true. */
  installCrds?: boolean;
  /** Let KubeRay put a container into each worker that waits for the head; it adds 5 s to every wake-up. Defaults to false. */
  waitForGcs?: boolean;
}

/** Tailscale. Nothing that is shared by the whole tailnet is ever changed. */
export interface TailscaleArgs {
  /** `install` puts the Tailscale operator in with Helm; `existing` uses what the cluster has. Defaults to "install". */
  mode?: string;
  /** Namespace of the Tailscale operator. Defaults to "tailscale". */
  namespace?: string;
  /** Create that namespace; turn off where it exists. Defaults to true. */
  createNamespace?: boolean;
  /** Where the chart comes from. */
  chart?: ChartArgs;
  /** Helm values laid over the rendered ones. Defaults to {}. */
  values?: { [key: string]: any };
  /** OAuth client of the operator; the secret `tailscaleOauthClientSecret` belongs to it. */
  oauthClientId?: string;
  /** Make that OAuth client with @pulumi/tailscale instead; set tailscale:oauthClientId and tailscale:oauthClientSecret, or tailscale:apiKey. Defaults to false. */
  createOauthClient?: boolean;
  /** Tag of the operator. Defaults to "tag:k8s-operator". */
  operatorTag?: string;
  /** Tags of the published service; the operator's tag must own them. Defaults to ["tag:k8s"]. */
  tags?: string[];
  /** Publish by a Tailscale Ingress as well: HTTPS on port 443 with a certificate, at LOCATION-ai-deepseek-ocr-https. Defaults to false. */
  https?: boolean;
}

/** Network policies; they need a network plugin that enforces them. */
export interface NetworkArgs {
  /** Close the Ray ports to everything but the Ray pods and name who may reach port 8000. Defaults to true. */
  policies?: boolean;
  /** Label selectors of further namespaces whose pods may call the service. Defaults to []. */
  clientNamespaces?: { [key: string]: string }[];
  /** Address ranges that may call the service from outside the cluster. Defaults to []. */
  clientCidrs?: string[];
  /** Namespaces from which Ray's dashboard may be reached, besides the KubeRay operator's. Defaults to []. */
  operatorNamespaces?: string[];
}

/** Monitoring. */
export interface MonitoringArgs {
  /** A PodMonitor for the metrics of all Ray pods; needs the Prometheus operator. Defaults to false. */
  podMonitor?: boolean;
  /** A ConfigMap with a Grafana dashboard, labelled for Grafana's sidecar. Defaults to false. */
  grafanaDashboard?: boolean;
  /** Labels that your Prometheus selects PodMonitors by. Defaults to {}. */
  labels?: { [key: string]: string };
  /** Namespaces whose pods may scrape the metrics. Defaults to ["monitoring"]. */
  namespaces?: string[];
}
