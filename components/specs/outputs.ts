import type { Settings } from "../config/settings.ts";
import { HEAD_SERVICE, hostname } from "./names.ts";
import { SERVE_PORT } from "./serveConfig.ts";

/** What a person needs to use and watch the service; the API key is added as a secret. */
export interface Endpoints {
  readonly endpoint: string;
  readonly openaiBaseUrl: string;
  readonly healthUrl: string;
  readonly modelsUrl: string;
  readonly inClusterUrl: string;
  readonly dashboardCommand: string;
  readonly modelId: string;
  readonly gpus: string;
}

/** @param published name under which the tailnet knows the service, where it is published. */
export function renderEndpoints(settings: Settings, modelId: string, published: string | undefined): Endpoints {
  const { namespace, cluster } = settings;
  const endpoint = `http://${published ?? `${hostname(settings)}.${namespace.name}.svc.cluster.local`}`;
  const context = cluster.context ? `--context ${cluster.context} ` : "";
  return {
    endpoint,
    openaiBaseUrl: `${endpoint}/v1`,
    healthUrl: `${endpoint}/health`,
    modelsUrl: `${endpoint}/v1/models`,
    inClusterUrl: `http://${HEAD_SERVICE}.${namespace.name}.svc.cluster.local:${SERVE_PORT}`,
    dashboardCommand: `kubectl ${context}-n ${namespace.name} port-forward service/${HEAD_SERVICE} 8265:8265`,
    modelId,
    gpus: gpuCost(settings),
  };
}

/** What the service costs in GPUs, asleep, awake and while a deploy rolls out. */
export function gpuCost({ scaling, worker, rayService }: Settings): string {
  if (worker.gpus === 0) return "none";
  const { minReplicas, maxReplicas, initialReplicas } = scaling;
  const deploy = rayService.upgradeStrategy === "NewCluster" ? maxReplicas + initialReplicas : maxReplicas;
  return `asleep ${minReplicas}, awake up to ${maxReplicas}, during a rollout up to ${deploy}`;
}
