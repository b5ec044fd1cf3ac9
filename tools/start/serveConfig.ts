import { checkAppSettings } from "../../components/config/appSettings.ts";
import { defaults } from "../../components/config/defaults.ts";
import { renderServeConfig, type ServeConfigV2 } from "../../components/specs/serveConfig.ts";
import { cores as coresHere } from "./memory.ts";
import type { LocalEngine } from "./options.ts";

/**
 * The cluster's configuration for this machine: the same renderer and the same autoscaling, another engine. Replicas
 * share the machine's cores, so each reserves one in name only; there are no more of them than have cores for their
 * threads. The engine starts at once, not with the first request.
 */
export function localServeConfig(engine: LocalEngine, port: number, cores: number = coresHere()): ServeConfigV2 {
  const { scaling, serve, worker } = defaults;
  const most = engine === "cpu" ? Math.floor(cores / threadsOfAReplica()) : scaling.maxReplicas;
  return renderServeConfig(
    {
      engine,
      app: {},
      scaling: { ...scaling, initialReplicas: 1, maxReplicas: Math.max(1, Math.min(scaling.maxReplicas, most)) },
      // A CPU reads a page or two at a time: what waits is better left to the replica that comes up next.
      serve: { ...serve, engineCpus: 1, engineMaxOngoingRequests: 32, gracefulShutdownSeconds: 5 },
      worker: { ...worker, gpus: 0 },
    },
    { host: "127.0.0.1", port },
  );
}

function threadsOfAReplica(): number {
  return checkAppSettings({ app: {}, engine: "cpu" }).effective.cpu.threads;
}
