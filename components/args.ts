// Made by `npm run generate` from components/config/schema/ and components/config/defaults.ts; change those.
// biome-ignore-all lint/suspicious/noExplicitAny: free-form values; Pulumi's analyzer knows no `unknown`.
import type * as pulumi from "@pulumi/pulumi";

/** Settings of a location; `location` is the only one that must be given. */
export interface DeepSeekOcrArgs {
  /** Name of this location, such as hel1. The service's name on the tailnet is LOCATION-ai-deepseek-ocr. */
  location: string;
  /** What reads the pages: `vllm` (DeepSeek-OCR on a GPU), `cpu` (RapidOCR, no GPU) or `null` (answers at once, for tests). Defaults to "vllm". */
  engine?: string;
  /** Settings of the application, laid over the defaults of serve-app/ocr_app/settings/. A change restarts the replicas one by one. Defaults to {}. */
  app?: { [key: string]: any };
  /** Namespace of the service. */
  namespace?: NamespaceArgs;
  /** Kubernetes cluster of this location. */
  cluster?: ClusterArgs;
  /** Container images of the service. Set the operators' images in their `values`. */
  images?: ImagesArgs;
  /** Python packages that read PDFs, which Ray's images lack. What an image has already is never replaced. */
  pdfLibraries?: PdfLibrariesArgs;
  /** Autoscaling of the engine. A change is applied in place. */
  scaling?: ScalingArgs;
  /** Ray Serve. A change is applied in place. */
  serve?: ServeArgs;
  /** Pod of the Ray head. It runs the front and the controller, never an engine. A change starts a second cluster. */
  head?: HeadArgs;
  /** Pods of the Ray workers, one engine replica each. A change starts a second cluster. */
  worker?: WorkerArgs;
  /** The RayService. */
  rayService?: RayServiceArgs;
  /** Fault tolerance of the head. */
  gcsFaultTolerance?: GcsFaultToleranceArgs;
  /** Access to the model, used by engine `vllm` only. Set the model and its revision in `app.vllm`. */
  model?: ModelArgs;
  /** Where the model and compiled kernels are kept, used by engine `vllm` only. */
  cache?: CacheArgs;
  /** API key of the service. It is generated, unless the secret `apiKey` gives one. */
  auth?: AuthArgs;
  /** GPU Operator, used by engine `vllm` only. */
  gpuOperator?: GpuOperatorArgs;
  /** KubeRay operator. */
  kuberay?: KuberayArgs;
  /** `tailscale` publishes the service on the tailnet; `none` keeps it inside the cluster. Defaults to "tailscale". */
  exposure?: string;
  /** Tailscale. The stack never changes anything that the whole tailnet shares. */
  tailscale?: TailscaleArgs;
  /** Network policies. They need a network plugin that enforces them. */
  network?: NetworkArgs;
  /** Monitoring. */
  monitoring?: MonitoringArgs;
  /** Secrets of the location. */
  secrets?: SecretArgs;
}

/** Secrets of a location. None has a default. */
export interface SecretArgs {
  /** Token of Hugging Face. The default model needs none; gated models do. */
  huggingFaceToken?: pulumi.Input<string>;
  /** Secret of the OAuth client that tailscale.oauthClientId names. */
  tailscaleOauthClientSecret?: pulumi.Input<string>;
  /** API key of the service, instead of a generated one. Change auth.rotation together with it. */
  apiKey?: pulumi.Input<string>;
  /** Password of the Redis that gcsFaultTolerance.redisAddress names. */
  redisPassword?: pulumi.Input<string>;
  /** Contents of a .dockerconfigjson, from which a pull Secret is made in the namespace. */
  registryDockerConfig?: pulumi.Input<string>;
  /** URL of a package index with its login, instead of pdfLibraries.index. */
  packageIndex?: pulumi.Input<string>;
  /** Contents of a kubeconfig, instead of a file. */
  kubeconfig?: pulumi.Input<string>;
}

/** Namespace of the service. */
export interface NamespaceArgs {
  /** Namespace of the RayService and of everything that belongs to it. Defaults to "ai". */
  name?: string;
  /** Create the namespace. Set it to false if the namespace exists. Defaults to true. */
  create?: boolean;
}

/** Kubernetes cluster of this location. */
export interface ClusterArgs {
  /** Context of the kubeconfig. Defaults to its current context. */
  context?: string;
  /** Path of a kubeconfig file. Defaults to KUBECONFIG or ~/.kube/config. The secret `kubeconfig` takes precedence. */
  kubeconfig?: string;
  /** GPUs that this service may use; with time-slicing, count the shares. If set, a rollout that needs more is refused. */
  gpus?: number;
}

/** Container images of the service. Set the operators' images in their `values`. */
export interface ImagesArgs {
  /** Image of the Ray workers, and of the head unless images.head names another. Required for engine `cpu`: build serve-app/Dockerfile. */
  ray?: string;
  /** Image of the Ray head, which needs no CUDA: build serve-app/Dockerfile. Ray must have the workers' version exactly, Python their minor version (rayproject/ray-llm:2.60.0-py312-cu130: Ray 2.60.0, Python 3.12). If set, all Ray pods get RAY_DEFAULT_PYTHON_VERSION_MATCH_LEVEL=minor, because Ray compares Python's patch version too. Defaults to the image of the workers. */
  head?: string;
  /** Image of the Job that fills the model cache. It needs Python with huggingface_hub. Defaults to the image of the workers. */
  prefetch?: string;
  /** When nodes pull the images. Defaults to "IfNotPresent". */
  pullPolicy?: string;
  /** Image pull Secrets that exist in the namespace. The secret `registryDockerConfig` adds one. Defaults to []. */
  pullSecrets?: string[];
}

/** Python packages that read PDFs, which Ray's images lack. What an image has already is never replaced. */
export interface PdfLibrariesArgs {
  /** Install them when the head starts, at the versions and hashes of serve-app/requirements/pdf.lock. With `ifPossible` a head whose index does not answer starts without them; with `required` it does not start, and `pulumi up` says why. With `never`, PDFs need an image that has the libraries; without one they are answered 501. Defaults to "never". */
  install?: string;
  /** Package index, such as a mirror of PyPI in a closed network (PIP_INDEX_URL). One with a login belongs into the secret `packageIndex`. Defaults to what the image's pip is set to: PyPI. */
  index?: string;
}

/** Autoscaling of the engine. A change is applied in place. */
export interface ScalingArgs {
  /** Smallest number of engine replicas. 0 releases the GPUs while no requests come in. Defaults to 0. */
  minReplicas?: number;
  /** Largest number of engine replicas, one GPU each. Defaults to 2. */
  maxReplicas?: number;
  /** Replicas that a deploy starts with. With 1, a deploy proves that the engine starts, and no client waits for a cold engine after a rollout. With 0, a deploy needs no GPU. Defaults to 1. */
  initialReplicas?: number;
  /** Requests per replica, running and queued, that the autoscaler aims for. Defaults to 1. */
  targetOngoingRequests?: number;
  /** How long load must last before another replica is added. Waking from 0 does not wait for it. Defaults to 30. */
  upscaleDelaySeconds?: number;
  /** Idle time before a replica is removed. Defaults to 300. */
  downscaleDelaySeconds?: number;
  /** Idle time before the last replica is removed. Averaging adds about lookBackPeriodSeconds. Defaults to 300. */
  downscaleToZeroDelaySeconds?: number;
  /** Period over which load is averaged. Must be longer than metricsIntervalSeconds. Defaults to 30. */
  lookBackPeriodSeconds?: number;
  /** How often load is reported. A sleeping engine learns of a request after this time at the latest. Defaults to 1. */
  metricsIntervalSeconds?: number;
}

/** Ray Serve. A change is applied in place. */
export interface ServeArgs {
  /** How long an idle client connection stays open. Defaults to 90. */
  keepAliveTimeoutSeconds?: number;
  /** Time that a replica gets to finish its pages before it is stopped. Must be longer than the longest page (app.queue.request_timeout_s). Defaults to 660. */
  gracefulShutdownSeconds?: number;
  /** Requests that one engine replica works on at the same time; what does not fit into its KV cache waits in vLLM. Must be more than scaling.targetOngoingRequests, because vLLM batches. Defaults to 128. */
  engineMaxOngoingRequests?: number;
  /** CPUs that Ray reserves for one engine replica, in its worker. Defaults to 2. */
  engineCpus?: number;
  /** Requests that the front holds at the same time, including waiting ones and health checks. Must be more than app.queue.max_in_flight. Defaults to 1000. */
  apiMaxOngoingRequests?: number;
}

/** Pod of the Ray head. It runs the front and the controller, never an engine. A change starts a second cluster. */
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

/** A taint of nodes that pods tolerate, as in a Kubernetes pod spec. */
export interface TolerationArgs {
  /** Key of the taint. Without it, every key matches. */
  key?: string;
  /** `Equal` compares the taint's value with `value`; `Exists` accepts any value. */
  operator?: string;
  /** Value of the taint, with operator `Equal`. */
  value?: string;
  /** Effect of the taint. Without it, every effect matches. */
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
  /** GPUs of one worker pod: 1, or 0 for engines `cpu` and `null`. Defaults to 1. */
  gpus?: number;
  /** Size of /dev/shm. Defaults to "8Gi". */
  sharedMemory?: string;
  /** RuntimeClass, such as `nvidia`, if the cluster needs one to reach the GPU. */
  runtimeClassName?: string;
  /** Time after which a worker pod without replicas is removed. Defaults to 60. */
  idleTimeoutSeconds?: number;
  /** Node label over which several workers are spread, if the nodes allow it. Defaults to "kubernetes.io/hostname". */
  spreadOver?: string;
}

/** The RayService. */
export interface RayServiceArgs {
  /** `NewCluster` starts a second cluster beside the first and switches when it is ready. `None` leaves a running cluster as it is: changed pods take effect when the RayService is deleted. Defaults to "NewCluster". */
  upgradeStrategy?: string;
  /** Time that a new cluster gets to become ready (node, image, model, engine). After it KubeRay gives up for good, and the next `pulumi up` replaces the RayService. Defaults to 2400. */
  initializingTimeoutSeconds?: number;
  /** Longest time that `pulumi up` waits for the service. Must be longer than initializingTimeoutSeconds. Defaults to 2700. */
  deployTimeoutSeconds?: number;
  /** How long the old cluster stays after a switch, for the requests that it still serves. Defaults to 720. */
  clusterDeletionDelaySeconds?: number;
  /** PriorityClass of head and workers. */
  priorityClassName?: string;
  /** Run as a non-root user without privileges. Set it to false only for images that need root. Defaults to true. */
  podSecurity?: boolean;
}

/** Fault tolerance of the head. */
export interface GcsFaultToleranceArgs {
  /** Keep the head's state in your own Redis, so that the service survives the loss of its head. Defaults to false. */
  enabled?: boolean;
  /** Address of that Redis, such as redis.ai.svc:6379. The secret `redisPassword` is its password. */
  redisAddress?: string;
}

/** Access to the model, used by engine `vllm` only. Set the model and its revision in `app.vllm`. */
export interface ModelArgs {
  /** Existing Secret with key `token`, instead of the secret `huggingFaceToken`. The default model needs neither. */
  tokenSecretName?: string;
  /** Mirror of Hugging Face (HF_ENDPOINT), for closed networks. */
  endpoint?: string;
  /** Fill the cache by a Job before the service starts. Needs a cache that outlives a pod: `pvc` or `hostPath`. Defaults to true. */
  prefetch?: boolean;
  /** Longest time for that Job. Defaults to 3600. */
  prefetchTimeoutSeconds?: number;
  /** Engines read only the cache and never the network. Needs `prefetch`, or a cache that is already filled. Defaults to true. */
  offline?: boolean;
}

/** Where the model and compiled kernels are kept, used by engine `vllm` only. */
export interface CacheArgs {
  /** `pvc` is shared by all workers and kept; `hostPath` is kept on each node; `emptyDir` is filled again at every wake-up. Defaults to "pvc". */
  type?: string;
  /** Size of the cache. Defaults to "30Gi". */
  size?: string;
  /** StorageClass of the PVC. Defaults to the cluster's default class. */
  storageClass?: string;
  /** Access mode of the PVC. Workers on several nodes need ReadWriteMany. Defaults to "ReadWriteMany". */
  accessMode?: string;
  /** Existing PVC in the namespace to use instead of a new one. `pulumi destroy` does not delete it. */
  existingClaim?: string;
  /** Directory on the node, with type `hostPath`. It must be writable by uid 1000. Defaults to "/var/lib/deepseek-ocr". */
  hostPath?: string;
}

/** API key of the service. It is generated, unless the secret `apiKey` gives one. */
export interface AuthArgs {
  /** Require an API key. If false, anyone who can reach the service may call it: your tailnet policy decides who that is on the tailnet, and the network policies in the cluster. Defaults to false. */
  enabled?: boolean;
  /** Change this text to make a new key. The pods restart with it. Defaults to "1". */
  rotation?: string;
}

/** GPU Operator, used by engine `vllm` only. */
export interface GpuOperatorArgs {
  /** `install` installs the NVIDIA GPU Operator with Helm; `existing` uses the one that the cluster has. Defaults to "install". */
  mode?: string;
  /** Namespace of the NVIDIA GPU Operator. Defaults to "gpu-operator". */
  namespace?: string;
  /** Create that namespace. Set it to false if the namespace exists. Defaults to true. */
  createNamespace?: boolean;
  /** Where the chart comes from. */
  chart?: ChartArgs;
  /** Helm values, laid over the values that this stack sets. Defaults to {}. */
  values?: { [key: string]: any };
  /** Let the operator install the driver. Set it to false if the node image has one (most managed clusters). Defaults to true. */
  driver?: boolean;
  /** Let the operator install the container toolkit. Set it to false if the node image has it. Defaults to true. */
  toolkit?: boolean;
  /** Install Node Feature Discovery. Set it to false if the cluster has it. Defaults to true. */
  nodeFeatureDiscovery?: boolean;
  /** Number of pods that share each GPU. Above 1, memory and faults are not isolated: every engine must fit its share. Defaults to 1. */
  timeSlicingReplicas?: number;
}

/** Where the chart comes from. */
export interface ChartArgs {
  /** Helm repository of the chart; empty if `name` is an oci:// reference or a local path. */
  repository?: string;
  /** Chart name in the repository, oci:// reference, or path of a chart directory or archive. */
  name?: string;
  /** Chart version; empty for a local path. */
  version?: string;
}

/** KubeRay operator. */
export interface KuberayArgs {
  /** `install` installs the KubeRay operator with Helm; `existing` uses the one that the cluster has. Defaults to "install". */
  mode?: string;
  /** Namespace of the KubeRay operator. Defaults to "kuberay-system". */
  namespace?: string;
  /** Create that namespace. Set it to false if the namespace exists. Defaults to true. */
  createNamespace?: boolean;
  /** Where the chart comes from. */
  chart?: ChartArgs;
  /** Helm values, laid over the values that this stack sets. Defaults to {}. */
  values?: { [key: string]: any };
  /** Install KubeRay's CRDs and upgrade them with the chart. `pulumi destroy` does not delete them. Defaults to true. */
  installCrds?: boolean;
  /** Let KubeRay add a container to each worker that waits for the head. It adds 5 s to every wake-up. Defaults to false. */
  waitForGcs?: boolean;
}

/** Tailscale. The stack never changes anything that the whole tailnet shares. */
export interface TailscaleArgs {
  /** `install` installs the Tailscale operator with Helm; `existing` uses the one that the cluster has. Defaults to "install". */
  mode?: string;
  /** Namespace of the Tailscale operator. Defaults to "tailscale". */
  namespace?: string;
  /** Create that namespace. Set it to false if the namespace exists. Defaults to true. */
  createNamespace?: boolean;
  /** Where the chart comes from. */
  chart?: ChartArgs;
  /** Helm values, laid over the values that this stack sets. Defaults to {}. */
  values?: { [key: string]: any };
  /** OAuth client of the operator; the secret `tailscaleOauthClientSecret` belongs to it. */
  oauthClientId?: string;
  /** Create that OAuth client with @pulumi/tailscale instead. Set tailscale:oauthClientId and tailscale:oauthClientSecret, or tailscale:apiKey. Defaults to false. */
  createOauthClient?: boolean;
  /** Tag of the operator. Defaults to "tag:k8s-operator". */
  operatorTag?: string;
  /** Tags of the published service. The operator's tag must own them. Defaults to ["tag:k8s"]. */
  tags?: string[];
  /** Also publish by a Tailscale Ingress: HTTPS on port 443 with a certificate, at LOCATION-ai-deepseek-ocr-https. Defaults to false. */
  https?: boolean;
}

/** Network policies. They need a network plugin that enforces them. */
export interface NetworkArgs {
  /** Close the Ray ports to everything but the Ray pods, and allow only the named clients on port 8000. Defaults to true. */
  policies?: boolean;
  /** Label selectors of other namespaces whose pods may call the service. Defaults to []. */
  clientNamespaces?: { [key: string]: string }[];
  /** Address ranges that may call the service from outside the cluster. Defaults to []. */
  clientCidrs?: string[];
  /** Namespaces that may reach Ray's dashboard, besides the KubeRay operator's. Defaults to []. */
  operatorNamespaces?: string[];
}

/** Monitoring. */
export interface MonitoringArgs {
  /** Create a PodMonitor for the metrics of all Ray pods. Needs the Prometheus operator. Defaults to false. */
  podMonitor?: boolean;
  /** Create a ConfigMap with a Grafana dashboard, labelled for Grafana's sidecar. Defaults to false. */
  grafanaDashboard?: boolean;
  /** Labels by which your Prometheus selects PodMonitors. Defaults to {}. */
  labels?: { [key: string]: string };
  /** Namespaces whose pods may scrape the metrics. Defaults to ["monitoring"]. */
  namespaces?: string[];
}
