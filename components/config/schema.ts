import { z } from "zod";

/**
 * The shape of a location: every setting with its type, bounds and meaning. Defaults are in defaults.ts, rules that
 * join several settings in validate.ts. Pulumi.yaml's schema, docs/configuration.md and components/args.ts are
 * generated from here (`npm run generate`).
 */

const dnsLabel = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, "use lower-case letters, digits and hyphens, starting and ending with one");
const quantity = z
  .string()
  .regex(/^\d+(\.\d+)?(m|k|M|G|T|Ki|Mi|Gi|Ti)?$/, 'write a Kubernetes quantity such as "4", "500m" or "24Gi"');
const seconds = z.number().positive("give a time in seconds, greater than 0").max(86_400, "at most 86400 seconds");
const stringMap = z.record(z.string(), z.string());
const freeForm = z.record(z.string(), z.unknown());
const text = z.string().min(1, "must not be empty");

/** A Kubernetes toleration, as in a pod spec. */
const toleration = z.strictObject({
  key: text.exactOptional().describe("Taint key; every key where it is left out."),
  operator: z.enum(["Exists", "Equal"]).exactOptional().describe("How the taint's value is compared."),
  value: z.string().exactOptional().describe("Taint value, with operator Equal."),
  effect: z
    .enum(["NoSchedule", "PreferNoSchedule", "NoExecute"])
    .exactOptional()
    .describe("Taint effect; every effect where it is left out."),
});

const chart = (what: string) =>
  z.strictObject({
    repository: z
      .string()
      .describe(`Helm repository of the ${what} chart; empty where \`name\` is an oci:// reference or a local path.`),
    name: text.describe("Chart name in the repository, oci:// reference, or path of a chart directory or archive."),
    version: z.string().describe("Chart version; empty for a local path."),
  });

const operator = (what: string) => ({
  mode: z
    .enum(["install", "existing"])
    .describe(`\`install\` puts the ${what} in with Helm; \`existing\` uses what the cluster has.`),
  namespace: dnsLabel.max(63).describe(`Namespace of the ${what}.`),
  createNamespace: z.boolean().describe("Create that namespace; turn off where it exists."),
  chart: chart(what).describe("Where the chart comes from."),
  values: freeForm.describe("Helm values laid over the rendered ones."),
});

const pod = {
  cpu: quantity.describe("CPU limit of the pod."),
  cpuRequest: quantity.describe("CPU request of the pod, at most `cpu`."),
  memory: quantity.describe("Memory limit of the pod; /dev/shm counts against it."),
  memoryRequest: quantity.describe("Memory request of the pod, at most `memory`."),
  nodeSelector: stringMap.describe("Labels that a node must have."),
  tolerations: z.array(toleration).describe("Taints that the pod tolerates."),
};

export const settingsSchema = z.strictObject({
  location: dnsLabel
    .max(46)
    .describe("Name of this location, such as hel1. It starts the name on the tailnet: LOCATION-ai-deepseek-ocr."),
  engine: z
    .enum(["vllm", "cpu", "null"])
    .describe(
      "What reads the pages: `vllm` (DeepSeek-OCR on a GPU), `cpu` (RapidOCR, no GPU) or `null` (answers at once, for tests).",
    ),
  app: freeForm.describe(
    "Settings of the application, laid over the defaults of serve-app/ocr_app/settings.py. A change rolls in place.",
  ),

  namespace: z
    .strictObject({
      name: dnsLabel.max(63).describe("Namespace of the RayService and all that belongs to it."),
      create: z.boolean().describe("Create the namespace; turn off where it exists."),
    })
    .describe("Where the service lives."),

  cluster: z
    .strictObject({
      context: text.exactOptional().describe("Context of the kubeconfig; its current one where it is left out."),
      kubeconfig: text
        .exactOptional()
        .describe(
          "Path of a kubeconfig file; KUBECONFIG or ~/.kube/config where it is left out. The secret `kubeconfig` takes precedence.",
        ),
      gpus: z
        .int()
        .min(0)
        .exactOptional()
        .describe(
          "GPUs that this service may use, shares of time-slicing counted. Where it is given, a rollout that needs more is refused.",
        ),
    })
    .describe("Which cluster."),

  images: z
    .strictObject({
      ray: text
        .exactOptional()
        .describe("Image of the Ray head and workers. Needed for engine `cpu`: build serve-app/Dockerfile."),
      prefetch: text
        .exactOptional()
        .describe(
          "Image of the Job that fills the model cache; the Ray image where it is left out. It needs Python with huggingface_hub.",
        ),
      pullPolicy: z.enum(["IfNotPresent", "Always", "Never"]).describe("When nodes pull the images."),
      pullSecrets: z
        .array(dnsLabel)
        .describe("Existing image pull Secrets in the namespace. The secret `registryDockerConfig` adds one."),
    })
    .describe("Container images of the service itself; the operators' images are set in their `values`."),

  scaling: z
    .strictObject({
      minReplicas: z.int().min(0).describe("Fewest engine replicas; 0 gives the GPUs back when nobody asks."),
      maxReplicas: z.int().min(1).describe("Most engine replicas, one GPU each."),
      initialReplicas: z
        .int()
        .min(0)
        .describe(
          "Replicas that a deploy starts with. With 1 a deploy proves that the engine starts and a rollout is never cold; with 0 it needs no GPU.",
        ),
      targetOngoingRequests: z
        .number()
        .positive()
        .describe("Requests per replica, running and queued, that the autoscaler aims at."),
      upscaleDelaySeconds: seconds.describe(
        "Time of steady load before another replica is added. Waking from 0 does not wait for it.",
      ),
      downscaleDelaySeconds: seconds.describe("Idle time before a replica is taken away."),
      downscaleToZeroDelaySeconds: seconds.describe(
        "Idle time before the last replica is taken away; averaging adds about lookBackPeriodSeconds.",
      ),
      lookBackPeriodSeconds: seconds.describe(
        "Window over which load is averaged; longer than metricsIntervalSeconds.",
      ),
      metricsIntervalSeconds: seconds.describe(
        "How often load is reported. It bounds how soon a sleeping engine hears of a request.",
      ),
    })
    .describe("Autoscaling of the engine. A change rolls in place."),

  serve: z
    .strictObject({
      keepAliveTimeoutSeconds: seconds.describe("How long an idle client connection stays open."),
      gracefulShutdownSeconds: seconds.describe(
        "Time a replica gets to finish its pages before it is stopped; longer than the longest page (app.queue.request_timeout_s).",
      ),
      engineMaxOngoingRequests: z
        .int()
        .min(1)
        .describe(
          "Pages that one engine replica works on at once; more than scaling.targetOngoingRequests, because vLLM batches.",
        ),
      engineCpus: z
        .number()
        .positive("must be greater than 0, so that no engine lands on the head")
        .describe("CPUs that Ray reserves for one engine replica, in its worker."),
      apiMaxOngoingRequests: z
        .int()
        .min(1)
        .describe(
          "Requests the front holds at once, waiting ones and health checks included; more than app.queue.max_in_flight.",
        ),
    })
    .describe("Ray Serve. A change rolls in place."),

  head: z
    .strictObject(pod)
    .describe("Pod of the Ray head: the front and the controller, never an engine. A change starts a second cluster."),

  worker: z
    .strictObject({
      ...pod,
      gpus: z
        .int()
        .min(0)
        .max(1, "an engine replica uses one GPU; scale with scaling.maxReplicas")
        .describe("GPUs of one worker pod: 1, or 0 for engines cpu and null."),
      sharedMemory: quantity.describe("Size of /dev/shm."),
      runtimeClassName: text
        .exactOptional()
        .describe("RuntimeClass, such as `nvidia`, where the cluster needs one to reach the GPU."),
      idleTimeoutSeconds: z.int().min(1).describe("Time after which a worker pod without replicas is removed."),
      spreadOver: text.describe("Node label over which several workers are spread, where nodes allow it."),
    })
    .describe("Pods of the Ray workers, one engine replica each. A change starts a second cluster."),

  rayService: z
    .strictObject({
      upgradeStrategy: z
        .enum(["NewCluster", "None"])
        .describe(
          "`NewCluster` starts a second cluster beside the first and switches when it is ready; `None` leaves a running cluster as it is: changed pods take effect when the RayService is deleted.",
        ),
      initializingTimeoutSeconds: z
        .int()
        .min(60)
        .describe(
          "Time a new cluster gets to become ready (node, image, model, engine). Past it KubeRay gives up for good and the next `up` replaces the RayService.",
        ),
      deployTimeoutSeconds: z
        .int()
        .min(60)
        .describe("Longest time that `pulumi up` waits for the service; longer than initializingTimeoutSeconds."),
      clusterDeletionDelaySeconds: z
        .int()
        .min(0)
        .describe("Time the old cluster lives on after a switch, for the requests it still serves."),
      priorityClassName: text.exactOptional().describe("PriorityClass of head and workers."),
      podSecurity: z
        .boolean()
        .describe("Run as a non-root user without privileges. Turn off only for images that need root."),
    })
    .describe("The RayService itself."),

  gcsFaultTolerance: z
    .strictObject({
      enabled: z
        .boolean()
        .describe("Keep the head's state in a Redis of yours, so that the service survives the loss of its head."),
      redisAddress: text
        .exactOptional()
        .describe("Address of that Redis, such as redis.ai.svc:6379. The secret `redisPassword` is its password."),
    })
    .describe("Fault tolerance of the head."),

  model: z
    .strictObject({
      tokenSecretName: dnsLabel
        .exactOptional()
        .describe(
          "Existing Secret with key `token`, instead of the secret `huggingFaceToken`. The default model needs neither.",
        ),
      endpoint: text.exactOptional().describe("Mirror of Hugging Face (HF_ENDPOINT), for closed networks."),
      prefetch: z
        .boolean()
        .describe(
          "Fill the cache by a Job before the service is declared ready. Needs a cache that pods share: pvc or hostPath.",
        ),
      prefetchTimeoutSeconds: z.int().min(60).describe("Longest time for that Job."),
      offline: z
        .boolean()
        .describe(
          "Engines read the cache only and never the network. Needs prefetch, or a cache that is already filled.",
        ),
    })
    .describe("Access to the model, used by engine `vllm` only. Which model and revision: `app.vllm`."),

  cache: z
    .strictObject({
      type: z
        .enum(["pvc", "hostPath", "emptyDir"])
        .describe("`pvc` is shared and kept; `hostPath` is per node; `emptyDir` is downloaded again at every wake-up."),
      size: quantity.describe("Size of the cache."),
      storageClass: text
        .exactOptional()
        .describe("StorageClass of the PVC; the cluster's default where it is left out."),
      accessMode: z
        .enum(["ReadWriteMany", "ReadWriteOnce"])
        .describe("Access mode of the PVC. Workers on two nodes need ReadWriteMany."),
      existingClaim: dnsLabel
        .exactOptional()
        .describe("Existing PVC in the namespace to use instead of a new one; it survives a destroy."),
      hostPath: z
        .string()
        .startsWith("/", "give an absolute path")
        .describe("Directory on the node, with type hostPath; writable by uid 1000."),
    })
    .describe("Where the model and compiled kernels are kept, used by engine `vllm` only."),

  auth: z
    .strictObject({
      enabled: z
        .boolean()
        .describe(
          "Ask clients for a key. Off, everybody who reaches the service may call it: on the tailnet your ACL decides, in the cluster the network policy.",
        ),
      rotation: text.describe("Change this text to make a new key. The pods restart with it."),
    })
    .describe("API key of the service. It is generated, unless the secret `apiKey` gives one."),

  gpuOperator: z
    .strictObject({
      ...operator("NVIDIA GPU Operator"),
      driver: z
        .boolean()
        .describe(
          "Let the operator install the driver. Turn off where the node image has one (most managed clusters).",
        ),
      toolkit: z
        .boolean()
        .describe("Let the operator install the container toolkit. Turn off where the node image has it."),
      nodeFeatureDiscovery: z.boolean().describe("Install Node Feature Discovery. Turn off where the cluster has it."),
      timeSlicingReplicas: z
        .int()
        .min(1)
        .max(16)
        .describe(
          "Share each GPU among this many pods. Above 1, memory and faults are not isolated: every engine must fit its share.",
        ),
    })
    .describe("GPU Operator, used by engine `vllm` only."),

  kuberay: z
    .strictObject({
      ...operator("KubeRay operator"),
      installCrds: z
        .boolean()
        .describe("Install KubeRay's CRDs and upgrade them with the chart. They stay when the stack is destroyed."),
      waitForGcs: z
        .boolean()
        .describe(
          "Let KubeRay put a container into each worker that waits for the head; it adds 5 s to every wake-up.",
        ),
    })
    .describe("KubeRay operator."),

  exposure: z
    .enum(["tailscale", "none"])
    .describe("`tailscale` publishes the service on the tailnet; `none` leaves it inside the cluster."),

  tailscale: z
    .strictObject({
      ...operator("Tailscale operator"),
      mode: z
        .enum(["install", "existing"])
        .describe("`install` puts the Tailscale operator in with Helm; `existing` uses what the cluster has."),
      oauthClientId: text
        .exactOptional()
        .describe("OAuth client of the operator; the secret `tailscaleOauthClientSecret` belongs to it."),
      createOauthClient: z
        .boolean()
        .describe(
          "Make that OAuth client with @pulumi/tailscale instead; set tailscale:oauthClientId and tailscale:oauthClientSecret, or tailscale:apiKey.",
        ),
      operatorTag: z.string().startsWith("tag:", "write tag:NAME").describe("Tag of the operator."),
      tags: z
        .array(z.string().startsWith("tag:", "write tag:NAME"))
        .min(1, "name at least one tag")
        .describe("Tags of the published service; the operator's tag must own them."),
      https: z
        .boolean()
        .describe(
          "Publish by a Tailscale Ingress as well: HTTPS on port 443 with a certificate, at LOCATION-ai-deepseek-ocr-https.",
        ),
    })
    .describe("Tailscale. Nothing that is shared by the whole tailnet is ever changed."),

  network: z
    .strictObject({
      policies: z
        .boolean()
        .describe("Close the Ray ports to everything but the Ray pods and name who may reach port 8000."),
      clientNamespaces: z
        .array(stringMap)
        .describe("Label selectors of further namespaces whose pods may call the service."),
      clientCidrs: z.array(z.string()).describe("Address ranges that may call the service from outside the cluster."),
      operatorNamespaces: z
        .array(dnsLabel)
        .describe("Namespaces from which Ray's dashboard may be reached, besides the KubeRay operator's."),
    })
    .describe("Network policies; they need a network plugin that enforces them."),

  monitoring: z
    .strictObject({
      podMonitor: z.boolean().describe("A PodMonitor for the metrics of all Ray pods; needs the Prometheus operator."),
      grafanaDashboard: z.boolean().describe("A ConfigMap with a Grafana dashboard, labelled for Grafana's sidecar."),
      labels: stringMap.describe("Labels that your Prometheus selects PodMonitors by."),
      namespaces: z.array(dnsLabel).describe("Namespaces whose pods may scrape the metrics."),
    })
    .describe("Monitoring."),
});

export type Settings = z.infer<typeof settingsSchema>;
export type Toleration = z.infer<typeof toleration>;
