import { readFileSync } from "node:fs";
import type { AutoscalingConfig, ServeConfigV2 } from "../../components/specs/serveConfig.ts";
import { runChild } from "../bootstrap/childProcess.mjs";
import { serveApp } from "../bootstrap/paths.mjs";
import { claim, type Instance, sessionOf } from "../start/instance.ts";
import { bypassProxies } from "../start/loopback.ts";
import type { LocalEngine } from "../start/options.ts";
import { bindablePort } from "../start/port.ts";
import { localServeConfig } from "../start/serveConfig.ts";
import { Service } from "../start/service.ts";

/** A running service to measure. */
export interface Running {
  readonly url: string;
  /** Proportional set size of all its processes, in bytes; Linux only. */
  memory(): number;
  stop(): Promise<void>;
}

/** Start the service as `npm start` does, with other autoscaling figures if a measurement needs them. */
export async function startService(
  python: string,
  engine: LocalEngine,
  scaling: Partial<AutoscalingConfig> = {},
): Promise<Running> {
  bypassProxies();
  const port = (await bindablePort(0)) ?? 0;
  const instance = claim(port) as Instance;
  const service = Service.spawn(python, instance, withScaling(localServeConfig(engine, port), scaling), undefined);
  await service.ready(() => {});
  return {
    url: `http://127.0.0.1:${port}`,
    memory: () =>
      sessionOf(service.leader)
        .map(proportionalSetSize)
        .reduce((a, b) => a + b, 0),
    stop: async () => {
      await service.stop();
      instance.release();
    },
  };
}

/** The same FastAPI app under plain uvicorn. */
export async function startPlain(python: string, engine: LocalEngine): Promise<Pick<Running, "url" | "stop">> {
  bypassProxies();
  const port = (await bindablePort(0)) ?? 0;
  const end = new AbortController();
  const ended = runChild(python, ["-m", "bench.plain", engine, String(port)], {
    cwd: serveApp,
    output: "inherit",
    signal: end.signal,
  });
  const url = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline && !(await answers(`${url}/v1/models`)))
    await new Promise((resolve) => setTimeout(resolve, 100));
  return {
    url,
    stop: async () => {
      end.abort();
      await ended;
    },
  };
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    (response) => response.ok,
    () => false,
  );
}

function withScaling(config: ServeConfigV2, scaling: Partial<AutoscalingConfig>): ServeConfigV2 {
  return {
    ...config,
    applications: config.applications.map((application) => ({
      ...application,
      deployments: application.deployments.map((deployment) =>
        deployment.autoscaling_config
          ? { ...deployment, autoscaling_config: { ...deployment.autoscaling_config, ...scaling } }
          : deployment,
      ),
    })),
  };
}

function proportionalSetSize(pid: number): number {
  try {
    const kilobytes = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))?.[1];
    return Number(kilobytes ?? 0) * 1024;
  } catch {
    return 0;
  }
}
