import { gpuNeed } from "../gpus.ts";
import { problem, type Rule, rule } from "./rule.ts";

/** Rules of replicas, requests and time limits. */
export const scalingRules: readonly Rule[] = [
  rule(["scaling"], function replicasAreInOrder({ scaling }) {
    const { minReplicas, initialReplicas, maxReplicas } = scaling;
    if (minReplicas > maxReplicas) {
      return problem("scaling.minReplicas", minReplicas, `must not exceed scaling.maxReplicas (${maxReplicas})`);
    }
    if (initialReplicas < minReplicas || initialReplicas > maxReplicas) {
      const fix = `must be between scaling.minReplicas (${minReplicas}) and scaling.maxReplicas (${maxReplicas})`;
      return problem("scaling.initialReplicas", initialReplicas, fix);
    }
    return;
  }),
  rule(["scaling"], function loadIsAveragedOverSeveralReports({ scaling }) {
    if (scaling.lookBackPeriodSeconds > scaling.metricsIntervalSeconds) return;
    const fix = `must be longer than scaling.metricsIntervalSeconds (${scaling.metricsIntervalSeconds} s)`;
    return problem("scaling.lookBackPeriodSeconds", scaling.lookBackPeriodSeconds, fix);
  }),
  rule(["scaling", "serve"], function replicasCanBatch({ scaling, serve }) {
    if (serve.engineMaxOngoingRequests > scaling.targetOngoingRequests) return;
    const fix = `must exceed scaling.targetOngoingRequests (${scaling.targetOngoingRequests}), or no replica is ever added`;
    return problem("serve.engineMaxOngoingRequests", serve.engineMaxOngoingRequests, fix);
  }),
  rule(["serve", "app"], function frontHoldsItsQueue({ serve, app }) {
    if (serve.apiMaxOngoingRequests > app.queue.max_in_flight) return;
    const fix = `must exceed app.queue.max_in_flight (${app.queue.max_in_flight}), so that health checks are still answered`;
    return problem("serve.apiMaxOngoingRequests", serve.apiMaxOngoingRequests, fix);
  }),
  rule(["serve", "app"], function shutdownOutlastsTheLongestPage({ serve, app }) {
    if (serve.gracefulShutdownSeconds > app.queue.request_timeout_s) return;
    const fix = `must be longer than app.queue.request_timeout_s (${app.queue.request_timeout_s} s)`;
    return problem("serve.gracefulShutdownSeconds", serve.gracefulShutdownSeconds, fix);
  }),
  rule(["serve", "rayService"], function oldClusterOutlastsItsRequests({ serve, rayService }) {
    if (rayService.upgradeStrategy === "None") return;
    if (rayService.clusterDeletionDelaySeconds >= serve.gracefulShutdownSeconds) return;
    const fix = `must be at least serve.gracefulShutdownSeconds (${serve.gracefulShutdownSeconds} s)`;
    return problem("rayService.clusterDeletionDelaySeconds", rayService.clusterDeletionDelaySeconds, fix);
  }),
  rule(["rayService"], function deployWaitsForTheCluster({ rayService }) {
    if (rayService.deployTimeoutSeconds > rayService.initializingTimeoutSeconds) return;
    const fix = `must be longer than rayService.initializingTimeoutSeconds (${rayService.initializingTimeoutSeconds} s)`;
    return problem("rayService.deployTimeoutSeconds", rayService.deployTimeoutSeconds, fix);
  }),
  rule(
    ["cluster", "scaling", "worker", "rayService"],
    function replicasFitTheGpus({ cluster, scaling, worker, rayService }) {
      const { gpus } = cluster;
      if (gpus === undefined || gpuNeed({ scaling, worker, rayService }).awake <= gpus) return;
      return problem("scaling.maxReplicas", scaling.maxReplicas, `cluster.gpus allows only ${gpus}`);
    },
  ),
  rule(
    ["cluster", "scaling", "worker", "rayService"],
    function rolloutFitsTheGpus({ cluster, scaling, worker, rayService }) {
      const { gpus } = cluster;
      const { upgradeStrategy } = rayService;
      const needed = gpuNeed({ scaling, worker, rayService }).rollout.least;
      if (gpus === undefined || needed <= gpus || upgradeStrategy === "None") return;
      const fix =
        `a rollout needs ${needed} GPUs, because two clusters run side by side, and cluster.gpus allows ${gpus}: ` +
        "set it to None, or scaling.initialReplicas to 0";
      return problem("rayService.upgradeStrategy", upgradeStrategy, fix);
    },
  ),
];
