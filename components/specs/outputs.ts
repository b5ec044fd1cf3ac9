import { gpuNeed } from "../config/gpus.ts";
import type { Settings } from "../config/settings.ts";
import { HEAD_SERVICE, hostname } from "./names.ts";
import { SERVE_PORT } from "./serveConfig.ts";

/** What is needed to use and watch the service. The API key is added as a secret. */
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

/** @param published name of the service on the tailnet; undefined if it is not published. */
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

/** How many GPUs the service takes: asleep, awake and during a rollout. */
export function gpuCost(settings: Settings): string {
  if (settings.worker.gpus === 0) return "none";
  const { asleep, awake, rollout } = gpuNeed(settings);
  return `asleep ${asleep}, awake up to ${awake}, during a rollout up to ${rollout.most}`;
}
