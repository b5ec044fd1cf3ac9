import { secret } from "@pulumi/pulumi";
import type { ConfigMap } from "@pulumi/pulumi/automation/index.js";
import { ConfigError } from "../components/config/errors.ts";
import { gpuNeed } from "../components/config/gpus.ts";
import { type ConfigSource, loadConfig } from "../components/config/load.ts";
import { modelSettings } from "../components/config/model.ts";
import type { Connection } from "../components/kube/client.ts";
import { ProblemError } from "./problems.ts";

/** What the deploy driver has to know of a location besides its outputs. */
export interface Location {
  readonly namespace: string;
  /** How to reach the cluster. */
  readonly connection: Connection;
  readonly engine: string;
  readonly gpusPerReplica: number;
  /** GPUs under full load, and while no requests come in. */
  readonly gpus: { readonly most: number; readonly least: number };
  /** The model that the settings name; undefined for an engine without one. */
  readonly model?: { readonly name: string; readonly revision: string | null };
  /** Longest time that one page may take, a cold start included. */
  readonly pageTimeoutSeconds: number;
  /** Longest time that an idle engine takes to fall asleep. */
  readonly sleepTimeoutSeconds: number;
}

export type LocationReader = (config: ConfigMap) => Location;

/** Averaging of load and the polling of KubeRay's autoscaler come on top of the delay. */
const SLEEP_MARGIN_SECONDS = 90;

/**
 * Reads a location from its stack's configuration, by the program's own rules.
 *
 * @throws {ProblemError} with every problem of the configuration.
 */
export const readLocation: LocationReader = (config) => {
  const { settings, app } = load(sourceOf(config));
  const kubeconfig = secretValue(config, "kubeconfig");
  const model = modelSettings(settings.engine, app);
  const gpus = gpuNeed(settings);
  const { scaling, worker, cluster } = settings;
  return {
    namespace: settings.namespace.name,
    connection: {
      ...(kubeconfig ? { kubeconfigContent: kubeconfig } : {}),
      ...(cluster.kubeconfig ? { kubeconfig: cluster.kubeconfig } : {}),
      ...(cluster.context ? { context: cluster.context } : {}),
    },
    engine: settings.engine,
    gpusPerReplica: worker.gpus,
    gpus: { most: gpus.awake, least: gpus.asleep },
    ...(model ? { model: { name: model.model, revision: model.revision } } : {}),
    pageTimeoutSeconds: app.queue.cold_start_deadline_s + app.queue.request_timeout_s,
    sleepTimeoutSeconds: scaling.downscaleToZeroDelaySeconds + scaling.lookBackPeriodSeconds + SLEEP_MARGIN_SECONDS,
  };
};

const PROJECT = "deepseek-ocr:";

/** The configuration as the CLI tells it: objects as JSON text, secrets decrypted. */
function sourceOf(config: ConfigMap): ConfigSource {
  const own = new Map(
    Object.entries(config).flatMap(([key, value]) =>
      key.startsWith(PROJECT) ? [[key.slice(PROJECT.length), value]] : [],
    ),
  );
  return {
    keys: () => [...own.keys()],
    get: (key) => parsed(own.get(key)?.value),
    isSecret: (key) => own.get(key)?.secret ?? false,
    getSecret: (key) => secret(own.get(key)?.value ?? ""),
  };
}

/** Text that is not valid JSON stays as it is, and the schema then refuses it by its key. */
function parsed(text: string | undefined): unknown {
  if (text === undefined || !/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function secretValue(config: ConfigMap, key: string): string {
  return config[PROJECT + key]?.value ?? "";
}

function load(source: ConfigSource) {
  try {
    return loadConfig(source);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new ProblemError(
      "configuration",
      error.message,
      "Fix the stack file; docs/configuration.md lists every setting.",
    );
  }
}
