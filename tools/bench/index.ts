import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg, release, totalmem, type } from "node:os";
import { join } from "node:path";
import { runChild } from "../bootstrap/childProcess.mjs";
import { root, serveApp } from "../bootstrap/paths.mjs";
import { phase } from "../bootstrap/phase.mjs";
import { UserError } from "../bootstrap/userError.mjs";
import { pythonEnvironment } from "../python/environment.ts";
import { cores } from "../start/memory.ts";
import { barChart } from "./chart.ts";
import { renderReport } from "./report.ts";
import type { Documents, Latency, Machine, Memory, Results, Throughput, Wake } from "./results.ts";
import { startPlain, startService } from "./service.ts";

const folder = join(root, "docs", "benchmarks");

/** Autoscaling that stops an idle engine within seconds. */
const sleepy = {
  initial_replicas: 0,
  downscale_delay_s: 2,
  downscale_to_zero_delay_s: 2,
  look_back_period_s: 3,
} as const;

const measurements = {
  latency: async (python: string) => {
    const service = await startService(python, "null");
    const plain = await startPlain(python, "null");
    try {
      return await measure<Record<string, Latency>>(python, "bench.latency", service.url, plain.url);
    } finally {
      await plain.stop();
      await service.stop();
    }
  },
  // One replica: the engine called directly is one, too.
  throughput: (python: string) =>
    withService(python, "cpu", { max_replicas: 1 }, (url) =>
      measure<Record<string, Throughput>>(python, "bench.throughput", url),
    ),
  wake: async (python: string): Promise<Record<string, Wake[]>> => ({
    null: await withService(python, "null", sleepy, (url) => measure<Wake[]>(python, "bench.wake", url)),
    cpu: await withService(python, "cpu", sleepy, (url) => measure<Wake[]>(python, "bench.wake", url)),
  }),
  memory: async (python: string): Promise<Memory> => ({
    engineAsleep: await idleMemory(python, 0),
    engineReady: await idleMemory(python, 1),
  }),
  documents: async (python: string): Promise<Documents> => ({
    null: await withService(python, "null", { max_replicas: 1 }, (url) =>
      measure<Documents["null"]>(python, "bench.documents", url, "null"),
    ),
    cpu: await withService(python, "cpu", { max_replicas: 1 }, (url) =>
      measure<Documents["cpu"]>(python, "bench.documents", url, "cpu"),
    ),
  }),
} satisfies { [K in keyof Omit<Results, "machine">]-?: (python: string) => Promise<NonNullable<Results[K]>> };

type Name = keyof typeof measurements;

/** `npm run bench [-- NAME…]`: measure, and write the tables and the chart to docs/benchmarks. */
export async function bench(args: readonly string[]): Promise<number> {
  const all = Object.keys(measurements) as Name[];
  const unknown = args.filter((arg) => !all.some((name) => name === arg));
  if (unknown.length > 0)
    throw new UserError(
      `There is no benchmark "${unknown.join(", ")}" (known: ${all.join(", ")}, accuracy, vllm, gpu).`,
    );
  const python = await pythonEnvironment("dev");
  const before = loadavg()[0] ?? 0;
  const file = join(folder, "results.json");
  // A run of some benchmarks keeps the other figures only where commit and machine are the same.
  let results: Results = { ...earlier(file), machine: describeMachine(before) };
  for (const name of all) {
    if (args.length > 0 && !args.includes(name)) continue;
    results = { ...results, [name]: await phase<unknown>(name, () => measurements[name](python)) };
    results = { ...results, machine: describeMachine(before) };
    write(file, results); // after each: a run that is cut short keeps what it has
  }
  console.log(renderReport(results));
  return 0;
}

function write(file: string, results: Results): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
  writeFileSync(join(folder, "results.md"), renderReport(results));
  if (results.latency) writeFileSync(join(folder, "latency.svg"), latencyChart(results.latency));
}

function latencyChart(latency: Readonly<Record<string, Latency>>): string {
  const groups = Object.entries(latency).map(([name, l]) => ({ name, values: [l.service_p50, l.plain_p50] }));
  return barChart("Milliseconds a request, p50, engine null", "ms", ["service (Ray Serve)", "plain uvicorn"], groups);
}

async function withService<T>(
  python: string,
  engine: "cpu" | "null",
  scaling: Parameters<typeof startService>[2],
  duringUp: (url: string) => Promise<T>,
): Promise<T> {
  const service = await startService(python, engine, scaling);
  try {
    return await duringUp(service.url);
  } finally {
    await service.stop();
  }
}

/** Memory ten seconds after the start, when the service is idle. */
async function idleMemory(python: string, replicas: number): Promise<number> {
  const service = await startService(python, "cpu", { initial_replicas: replicas });
  await new Promise((resolve) => setTimeout(resolve, 10_000));
  try {
    return service.memory();
  } finally {
    await service.stop();
  }
}

/** What a module of serve-app/bench measured; it prints JSON. */
async function measure<T>(python: string, module: string, ...args: readonly string[]): Promise<T> {
  const { code, stdout, output } = await runChild(python, ["-m", module, ...args], { cwd: serveApp });
  if (code !== 0) throw new Error(`${module} ended with code ${code}:\n${output}`);
  return JSON.parse(stdout) as T;
}

function earlier(file: string): Partial<Results> {
  try {
    const found = JSON.parse(readFileSync(file, "utf8")) as Results;
    return found.machine.commit === commit() && found.machine.cpu === cpuName() ? found : {};
  } catch {
    return {};
  }
}

function describeMachine(before: number): Machine {
  return {
    date: new Date().toISOString().slice(0, 10),
    commit: commit(),
    cpu: cpuName(),
    cores: cores(),
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release().split("-")[0]}`,
    node: process.versions.node,
    load: [before, loadavg()[0] ?? 0],
  };
}

function commit(): string {
  return execFileSync("git", ["rev-parse", "--short", "HEAD"], { cwd: root, encoding: "utf8" }).trim();
}

function cpuName(): string {
  return cpus()[0]?.model ?? "unknown";
}
