import { stringify } from "yaml";
import type { ServeSettings } from "../config/settings.ts";

/** Names that the application, its metrics and its tests share; serve-app/ocr_app/app.py builds exactly these. */
export const serveNames = { application: "deepseek-ocr", api: "Api", engine: "Engine" } as const;

/** Port of the Ray Serve proxy on head and workers. */
export const SERVE_PORT = 8000;

/** `autoscaling_config` of Ray Serve 2.60; Ray accepts misspelled keys silently, hence the type and a test. */
export interface AutoscalingConfig {
  readonly min_replicas: number;
  readonly initial_replicas: number;
  readonly max_replicas: number;
  readonly target_ongoing_requests: number;
  readonly upscale_delay_s: number;
  readonly downscale_delay_s: number;
  readonly downscale_to_zero_delay_s: number;
  readonly look_back_period_s: number;
  readonly metrics_interval_s: number;
}

export interface DeploymentConfig {
  readonly name: string;
  readonly num_replicas?: number;
  readonly max_ongoing_requests: number;
  readonly graceful_shutdown_timeout_s: number;
  readonly ray_actor_options: {
    readonly num_cpus: number;
    readonly num_gpus?: number;
    readonly resources?: Readonly<Record<string, number>>;
  };
  readonly autoscaling_config?: AutoscalingConfig;
}

export interface ServeConfigV2 {
  readonly proxy_location: "EveryNode";
  readonly http_options: { readonly host: string; readonly port: number; readonly keep_alive_timeout_s: number };
  readonly logging_config: {
    readonly encoding: "JSON";
    readonly log_level: string;
    readonly enable_access_log: boolean;
  };
  readonly applications: readonly {
    readonly name: string;
    readonly route_prefix: string;
    readonly import_path: string;
    readonly args: Readonly<Record<string, unknown>>;
    readonly deployments: readonly DeploymentConfig[];
  }[];
}

/** Where the Serve proxies listen. A laptop binds to loopback; a pod to every interface. */
export interface HttpBinding {
  readonly host: string;
  readonly port: number;
}

/**
 * Ray Serve's configuration of the application: what it is (`args`), how it scales and where it may run.
 *
 * Without `request_timeout_s`: the front has its own deadlines, which end in an OpenAI error instead of a bare 408.
 */
export function renderServeConfig(
  settings: ServeSettings,
  http: HttpBinding = { host: "0.0.0.0", port: SERVE_PORT },
): ServeConfigV2 {
  return {
    proxy_location: "EveryNode",
    http_options: { ...http, keep_alive_timeout_s: settings.serve.keepAliveTimeoutSeconds },
    // The front logs each request itself; Serve's proxy and both replicas would add 2 KB of their own to it.
    logging_config: { encoding: "JSON", log_level: "INFO", enable_access_log: false },
    applications: [
      {
        name: serveNames.application,
        route_prefix: "/",
        import_path: "ocr_app.app:build",
        args: { ...settings.app, engine: settings.engine },
        deployments: [apiDeployment(settings), engineDeployment(settings)],
      },
    ],
  };
}

/**
 * The front: one replica on the head. It reserves only a tiny part of the head's own resource: without that, Ray could
 * place it on a worker, and it would end when the autoscaler removes the worker.
 */
function apiDeployment({ serve }: ServeSettings): DeploymentConfig {
  return {
    name: serveNames.api,
    num_replicas: 1,
    max_ongoing_requests: serve.apiMaxOngoingRequests,
    graceful_shutdown_timeout_s: serve.gracefulShutdownSeconds,
    ray_actor_options: { num_cpus: 0, resources: { "node:__internal_head__": 0.001 } },
  };
}

function engineDeployment({ serve, scaling, worker }: ServeSettings): DeploymentConfig {
  return {
    name: serveNames.engine,
    max_ongoing_requests: serve.engineMaxOngoingRequests,
    graceful_shutdown_timeout_s: serve.gracefulShutdownSeconds,
    ray_actor_options: { num_cpus: serve.engineCpus, num_gpus: worker.gpus },
    autoscaling_config: {
      min_replicas: scaling.minReplicas,
      initial_replicas: scaling.initialReplicas,
      max_replicas: scaling.maxReplicas,
      target_ongoing_requests: scaling.targetOngoingRequests,
      upscale_delay_s: scaling.upscaleDelaySeconds,
      downscale_delay_s: scaling.downscaleDelaySeconds,
      downscale_to_zero_delay_s: scaling.downscaleToZeroDelaySeconds,
      look_back_period_s: scaling.lookBackPeriodSeconds,
      metrics_interval_s: scaling.metricsIntervalSeconds,
    },
  };
}

/**
 * YAML that is the same text for equal values: KubeRay and Pulumi compare serveConfigV2 as a string, and a key that
 * moved would be a change.
 */
export function toYaml(value: unknown): string {
  return stringify(value, { sortMapEntries: true, lineWidth: 0, aliasDuplicateObjects: false });
}
