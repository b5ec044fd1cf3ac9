import type { AppSettings } from "./appSettings.ts";
import { type Problem, show } from "./errors.ts";
import { parseQuantity } from "./quantity.ts";
import type { SecretName, Settings } from "./settings.ts";

export type GivenSecrets = ReadonlySet<SecretName>;

/** A rule that joins several settings: nothing where they fit together. */
type Rule = (settings: Settings, app: AppSettings, given: GivenSecrets) => Problem | undefined | readonly Problem[];

const GIB = 2 ** 30;
/** vLLM's own process, the pinned host memory and Ray's workers, beside /dev/shm; seen with vLLM 0.29. */
const ENGINE_MEMORY_GIB = { vllm: 4, cpu: 1, null: 0.5 } as const;
/** Above this share of a GPU, vLLM finds less free memory than it asks for and refuses to start. */
const GPU_MEMORY_SHARE = 0.9;
const DNS_LABEL = 63;

/** Every rule that is broken, in the order of the settings. */
export function checkRules(settings: Settings, app: AppSettings, given: GivenSecrets): readonly Problem[] {
  return rules.flatMap((rule) => rule(settings, app, given) ?? []);
}

const rules: readonly Rule[] = [
  function engineHasAnImage({ engine, images }) {
    if (engine !== "cpu" || images.ray) return;
    return problem(
      "images.ray",
      images.ray,
      "engine cpu has no public image: build serve-app/Dockerfile and name it here",
    );
  },
  function engineHasItsGpu({ engine, worker }) {
    const wanted = engine === "vllm" ? 1 : 0;
    if (worker.gpus === wanted) return;
    return problem("worker.gpus", worker.gpus, `engine ${engine} needs ${wanted}`);
  },
  function replicasAreInOrder({ scaling }) {
    const { minReplicas, initialReplicas, maxReplicas } = scaling;
    if (minReplicas > maxReplicas) {
      return problem("scaling.minReplicas", minReplicas, `must not exceed scaling.maxReplicas (${maxReplicas})`);
    }
    if (initialReplicas < minReplicas || initialReplicas > maxReplicas) {
      const fix = `must lie between scaling.minReplicas (${minReplicas}) and scaling.maxReplicas (${maxReplicas})`;
      return problem("scaling.initialReplicas", initialReplicas, fix);
    }
    return;
  },
  function loadIsAveragedOverSeveralReports({ scaling }) {
    if (scaling.lookBackPeriodSeconds > scaling.metricsIntervalSeconds) return;
    const fix = `must be longer than scaling.metricsIntervalSeconds (${scaling.metricsIntervalSeconds} s)`;
    return problem("scaling.lookBackPeriodSeconds", scaling.lookBackPeriodSeconds, fix);
  },
  function replicasCanBatch({ scaling, serve }) {
    if (serve.engineMaxOngoingRequests > scaling.targetOngoingRequests) return;
    const fix = `must exceed scaling.targetOngoingRequests (${scaling.targetOngoingRequests}), or load never shows`;
    return problem("serve.engineMaxOngoingRequests", serve.engineMaxOngoingRequests, fix);
  },
  function frontHoldsItsQueue({ serve }, app) {
    if (serve.apiMaxOngoingRequests > app.queue.max_in_flight) return;
    const fix = `must exceed app.queue.max_in_flight (${app.queue.max_in_flight}), so that health checks still get in`;
    return problem("serve.apiMaxOngoingRequests", serve.apiMaxOngoingRequests, fix);
  },
  function shutdownOutlastsTheLongestPage({ serve }, app) {
    if (serve.gracefulShutdownSeconds > app.queue.request_timeout_s) return;
    const fix = `must be longer than app.queue.request_timeout_s (${app.queue.request_timeout_s} s)`;
    return problem("serve.gracefulShutdownSeconds", serve.gracefulShutdownSeconds, fix);
  },
  function oldClusterOutlastsItsRequests({ serve, rayService }) {
    if (rayService.upgradeStrategy === "None") return;
    if (rayService.clusterDeletionDelaySeconds >= serve.gracefulShutdownSeconds) return;
    const fix = `must be at least serve.gracefulShutdownSeconds (${serve.gracefulShutdownSeconds} s)`;
    return problem("rayService.clusterDeletionDelaySeconds", rayService.clusterDeletionDelaySeconds, fix);
  },
  function deployWaitsForTheCluster({ rayService }) {
    if (rayService.deployTimeoutSeconds > rayService.initializingTimeoutSeconds) return;
    const fix = `must be longer than rayService.initializingTimeoutSeconds (${rayService.initializingTimeoutSeconds} s)`;
    return problem("rayService.deployTimeoutSeconds", rayService.deployTimeoutSeconds, fix);
  },
  function requestsFitTheirLimits(settings) {
    return (["head", "worker"] as const).flatMap((pod) => {
      return (["cpu", "memory"] as const).flatMap((resource) => {
        const { [resource]: limit, [`${resource}Request` as const]: request } = settings[pod];
        if (parseQuantity(request) <= parseQuantity(limit)) return [];
        return [problem(`${pod}.${resource}Request`, request, `must not exceed ${pod}.${resource} (${limit})`)];
      });
    });
  },
  function replicaFitsItsWorker({ serve, worker }) {
    if (serve.engineCpus <= parseQuantity(worker.cpu)) return;
    return problem(
      "serve.engineCpus",
      serve.engineCpus,
      `must not exceed worker.cpu (${worker.cpu}), or it is never placed`,
    );
  },
  function memoryHoldsSharedMemory({ engine, worker }) {
    const room = ENGINE_MEMORY_GIB[engine];
    if (parseQuantity(worker.memory) >= parseQuantity(worker.sharedMemory) + room * GIB) return;
    const fix = `must exceed worker.sharedMemory (${worker.sharedMemory}), which counts against it, by ${room} GiB`;
    return problem("worker.memory", worker.memory, fix);
  },
  function replicasFitTheGpus({ cluster, scaling, worker }) {
    const gpus = cluster.gpus;
    if (gpus === undefined || worker.gpus === 0 || scaling.maxReplicas <= gpus) return;
    return problem("scaling.maxReplicas", scaling.maxReplicas, `cluster.gpus gives only ${gpus}`);
  },
  function rolloutFitsTheGpus({ cluster, scaling, worker, rayService }) {
    const gpus = cluster.gpus;
    if (gpus === undefined || worker.gpus === 0 || rayService.upgradeStrategy === "None") return;
    const needed = Math.max(1, scaling.minReplicas) + scaling.initialReplicas;
    if (needed <= gpus) return;
    const fix =
      `a rollout needs ${needed} GPUs, one cluster beside the other, and cluster.gpus gives ${gpus}: ` +
      "set it to None, or scaling.initialReplicas to 0";
    return problem("rayService.upgradeStrategy", rayService.upgradeStrategy, fix);
  },
  function sharesOfAGpuHoldTheirEngine({ engine, gpuOperator }, app) {
    const { timeSlicingReplicas: shares, mode } = gpuOperator;
    if (engine !== "vllm" || shares === 1) return;
    if (mode === "existing") {
      return problem("gpuOperator.timeSlicingReplicas", shares, "an existing operator is not changed: leave it at 1");
    }
    const share = app.vllm.gpu_memory_utilization;
    if (share * shares <= GPU_MEMORY_SHARE) return;
    const most = Math.floor((GPU_MEMORY_SHARE / shares) * 100) / 100;
    const fix = `${shares} pods share each GPU without memory isolation: set it to at most ${most}`;
    return problem("app.vllm.gpu_memory_utilization", share, fix);
  },
  function prefetchHasACache({ engine, model, cache }) {
    if (engine !== "vllm" || cache.type !== "emptyDir") return;
    return [
      ...(model.prefetch
        ? [problem("model.prefetch", true, "an emptyDir cannot be filled beforehand: set it to false")]
        : []),
      ...(model.offline ? [problem("model.offline", true, "an emptyDir starts empty: set it to false")] : []),
    ];
  },
  function oneSourceOfTheModelToken({ model }, _app, given) {
    if (!model.tokenSecretName || !given.has("huggingFaceToken")) return;
    return problem("model.tokenSecretName", model.tokenSecretName, "remove it or the secret huggingFaceToken");
  },
  function redisIsNamed({ gcsFaultTolerance }) {
    if (!gcsFaultTolerance.enabled || gcsFaultTolerance.redisAddress) return;
    return problem(
      "gcsFaultTolerance.redisAddress",
      undefined,
      "name your Redis as host:port, or set enabled to false",
    );
  },
  function namespacesAreApart({ namespace, gpuOperator, kuberay, tailscale, exposure, engine }) {
    const operators = [
      ...(engine === "vllm" ? [["gpuOperator", gpuOperator] as const] : []),
      ["kuberay", kuberay] as const,
      ...(exposure === "tailscale" ? [["tailscale", tailscale] as const] : []),
    ].filter(([, { mode }]) => mode === "install");
    const seen = new Map([[namespace.name, "namespace.name"]]);
    return operators.flatMap(([key, { namespace: name }]) => {
      const other = seen.get(name);
      seen.set(name, `${key}.namespace`);
      return other
        ? [problem(`${key}.namespace`, name, `must differ from ${other}: each is removed with its part`)]
        : [];
    });
  },
  function publishedNamesFit({ location, exposure, tailscale }) {
    if (exposure !== "tailscale" || !tailscale.https) return;
    const name = `${location}-ai-deepseek-ocr-https`;
    if (name.length <= DNS_LABEL) return;
    return problem("location", location, `with tailscale.https, shorten it by ${name.length - DNS_LABEL} characters`);
  },
  function httpsNeedsTheTailnet({ exposure, tailscale }) {
    if (exposure === "tailscale" || !tailscale.https) return;
    return problem("tailscale.https", true, "needs exposure tailscale");
  },
  function tailscaleOperatorCanLogIn({ exposure, tailscale }, _app, given) {
    if (exposure !== "tailscale") return;
    const { mode, createOauthClient, oauthClientId } = tailscale;
    const secret = given.has("tailscaleOauthClientSecret");
    if (mode === "existing") {
      const extra = createOauthClient || oauthClientId !== undefined || secret;
      return extra
        ? problem("tailscale.mode", mode, "an existing operator has its own OAuth client: remove ours")
        : undefined;
    }
    if (createOauthClient) {
      const twice = oauthClientId !== undefined || secret;
      return twice
        ? problem("tailscale.createOauthClient", true, "set it to false, or remove the client given")
        : undefined;
    }
    const missing: Problem[] = [];
    if (!oauthClientId) {
      missing.push(
        problem(
          "tailscale.oauthClientId",
          undefined,
          "name the operator's OAuth client, or set tailscale.createOauthClient",
        ),
      );
    }
    if (!secret) {
      const fix =
        "set it with `pulumi config set --secret tailscaleOauthClientSecret`, or set tailscale.createOauthClient";
      missing.push({ key: "tailscaleOauthClientSecret", seen: "nothing", fix });
    }
    return missing;
  },
];

function problem(key: string, seen: unknown, fix: string): Problem {
  return { key, seen: show(seen), fix };
}
