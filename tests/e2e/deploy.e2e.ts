import assert from "node:assert/strict";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parse, stringify } from "yaml";
import { merge } from "../../components/config/merge.ts";
import { copyProgram } from "../../components/program.ts";
import { main } from "../../deploy/main.ts";
import type { RunReport, StackReport } from "../../deploy/report/types.ts";
import { type Caller, callerOf } from "./support/caller.ts";
import { until } from "./support/cluster.ts";
import { type Environment, environmentOrSkip } from "./support/environment.ts";
import { Measurements } from "./support/measurements.ts";

const ROOT = resolve(import.meta.dirname, "../..");
/** What the deploy driver reads besides the program. */
const DRIVER = ["policy", "deploy/golden"];
const PREFIX = "deepseek-ocr:";

type Tree = { readonly [key: string]: unknown };

/** A location of its own: namespace, operator and name. Two of them live in one cluster side by side. */
function locationSettings(name: string, { chart, image }: Environment): Tree {
  const source = { repository: "", name: chart ?? "", version: "" };
  const operator = { namespace: `kuberay-${name}`, chart: source };
  return {
    location: name,
    namespace: { name: `ai-${name}` },
    kuberay: chart === undefined ? { mode: "existing" } : { mode: "install", ...operator },
    images: { ray: image, pullPolicy: "IfNotPresent" },
    auth: { enabled: true },
    // Two locations and the second cluster of a rollout share one small node.
    head: { cpuRequest: "50m" },
    worker: { cpuRequest: "50m", idleTimeoutSeconds: 5 },
    scaling: { maxReplicas: 1, downscaleDelaySeconds: 60, downscaleToZeroDelaySeconds: 60, lookBackPeriodSeconds: 5 },
    // The longest page, the shutdown that waits for it, and the old cluster's life after that.
    app: { queue: { request_timeout_s: 120 } },
    serve: { gracefulShutdownSeconds: 125 },
    rayService: { clusterDeletionDelaySeconds: 130, initializingTimeoutSeconds: 500, deployTimeoutSeconds: 520 },
  };
}

describe("end to end: deploys that prove themselves and undo themselves", () => {
  const measured = new Measurements();
  let environment: Environment;
  let folder: string;
  const callers = new Map<string, Caller>();

  before(async function () {
    environment = await environmentOrSkip(this);
    folder = await mkdtemp(join(tmpdir(), "ocr-e2e-deploy-"));
    await copyProgram(ROOT, folder);
    for (const name of DRIVER) await cp(join(ROOT, name), join(folder, name), { recursive: true });
    await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"));
    await mkdir(join(folder, "state"));
    process.env.PULUMI_BACKEND_URL = `file://${folder}/state`;
    process.env.PULUMI_CONFIG_PASSPHRASE = "passphrase-of-e2e";
    await configure("one");
    await configure("two");
  });

  after(async () => {
    if (folder === undefined) return;
    console.log(`\n${measured}\n`);
    const { code } = await deploy("destroy --stack one,two --yes");
    // The state is in that folder: without it, Pulumi could not remove what is still there.
    if (code === 0) await rm(folder, { recursive: true });
    else console.log(`    destroy failed: both locations and ${folder} are left behind`);
  });

  async function configure(stack: string, changes: Tree = {}): Promise<void> {
    const kind = parse(await readFile(join(ROOT, "Pulumi.kind.yaml"), "utf8")) as { config: Tree };
    const base = Object.fromEntries(
      Object.entries(kind.config).map(([key, value]) => [key.slice(PREFIX.length), value]),
    );
    const settings = merge(merge(base, locationSettings(stack, environment)), changes) as Tree;
    const file = join(folder, `Pulumi.${stack}.yaml`);
    // Pulumi keeps the salt of its encryption in the same file.
    const before = parse(await readFile(file, "utf8").catch(() => "{}")) as Tree;
    const config = Object.fromEntries(Object.entries(settings).map(([key, value]) => [PREFIX + key, value]));
    await writeFile(file, stringify({ ...before, config }));
  }

  async function deploy(
    line: string,
  ): Promise<{ code: number; reports: Readonly<Record<string, StackReport>>; summary: string }> {
    let printed = "";
    const summaryFile = join(folder, "summary.md");
    const code = await main([...line.split(" "), "--json", "--summary", summaryFile], {
      workDir: folder,
      environment: process.env,
      print: (text) => {
        printed += text;
      },
      progress: (text) => process.stderr.write(`        ${text}`),
    });
    const { stacks } = JSON.parse(printed) as RunReport;
    const summary = await readFile(summaryFile, "utf8");
    assert.ok(!(printed + summary).includes("passphrase-of-e2e"), "a secret was shown");
    return { code, reports: Object.fromEntries(stacks.map((report) => [report.stack, report])), summary };
  }

  async function caller(stack: string): Promise<Caller> {
    const known = callers.get(stack) ?? (await callerOf(environment.api, `ai-${stack}`, `${stack}-ai-deepseek-ocr`));
    assert.ok(known, `this machine does not reach the service of ${stack}`);
    callers.set(stack, known);
    return known;
  }

  /** Queries the service's health while something is done; returns how many answers there were, and how many not 200. */
  async function watching<T>(
    stack: string,
    action: () => Promise<T>,
  ): Promise<{ result: T; asked: number; failed: number }> {
    const service = await caller(stack);
    const statuses: number[] = [];
    let stop = false;
    const watch = (async () => {
      while (!stop) {
        statuses.push((await service.get("/health")).status);
        await new Promise((wait) => setTimeout(wait, 500));
      }
    })();
    const result = await action().finally(() => {
      stop = true;
    });
    await watch;
    return { result, asked: statuses.length, failed: statuses.filter((status) => status !== 200).length };
  }

  it("brings two locations of one cluster up at once, and proves both", async () => {
    const { code, reports, summary } = await measured.time("up of two locations at once, with proof", () =>
      deploy("up --stack one,two"),
    );
    assert.equal(code, 0, JSON.stringify(reports, null, 1));
    for (const stack of ["one", "two"]) {
      const report = reports[stack];
      assert.equal(report?.smoke?.passed, true);
      assert.ok((report?.score?.accuracy ?? 0) > 0.9, `accuracy ${report?.score?.accuracy}`);
      assert.equal(report?.smoke?.checks.find(({ name }) => name === "authorisation")?.result, "passed");
      measured.add(`character accuracy of ${stack}`, (report?.score?.accuracy ?? 0) * 100, "%");
      measured.add(`speed of ${stack}`, report?.pagesPerSecond ?? 0, "pages/s");
    }
    assert.match(summary, /## ✅ up: one, two/);
  });

  it("rolls back a model configuration that reads worse, while the service answers throughout", async () => {
    await configure("one", { app: { cpu: { max_side_px: 256 } } });
    const { result, asked, failed } = await measured.time("bad configuration: up, proof, roll-back, proof", () =>
      watching("one", () => deploy("up --stack one")),
    );
    const report = result.reports.one;
    assert.equal(result.code, 5, JSON.stringify(report?.problem));
    assert.equal(report?.rollback?.result, "restored");
    assert.match(result.summary, /rolled back/);
    measured.add("health asked for meanwhile", asked, "");
    assert.equal(failed, 0, `${failed} of ${asked} health checks failed`);
    const two = (await deploy("smoke --stack two")).reports.two;
    assert.equal(two?.problem, undefined, "the neighbour is untouched");
  });

  it("rolls back an image that cannot start, while the old service answers throughout", async () => {
    await configure("one", { images: { ray: "registry.invalid/deepseek-ocr:0.0.0" } });
    const { result, failed } = await measured.time("broken image: failed up, roll-back, proof", () =>
      watching("one", () => deploy("up --stack one")),
    );
    assert.equal(result.code, 5, JSON.stringify(result.reports.one?.problem));
    assert.match(result.reports.one?.problem?.what ?? "", /image|pull/i);
    assert.equal(failed, 0);
    await configure("one");
  });

  it("takes up where Ctrl-C left it", async () => {
    const init = join(folder, "serve-app/ocr_app/__init__.py");
    await writeFile(
      init,
      (await readFile(init, "utf8")).replace(/__version__ = ".*"/, '__version__ = "0.0.0+resumed"'),
    );
    const before = await clusters("one");
    const running = deploy("up --stack one");
    // By name: the old cluster of the deploy before may be deleted meanwhile, so that their number stays the same.
    await until("the new cluster begins", 300, async () =>
      (await clusters("one")).some((name) => !before.includes(name)),
    );
    process.emit("SIGINT");
    const interrupted = await measured.time("from Ctrl-C to the end", () => running);
    assert.equal(interrupted.code, 130, JSON.stringify(interrupted.reports.one?.problem));
    const again = await measured.time("the next up", () => deploy("up --stack one"));
    assert.equal(again.code, 0, JSON.stringify(again.reports.one?.problem));
    assert.match((await (await caller("one")).get("/health")).text, /0\.0\.0\+resumed/);
  });

  /** Names of the location's Ray clusters. */
  async function clusters(stack: string): Promise<string[]> {
    const path = `/apis/ray.io/v1/namespaces/ai-${stack}/rayclusters`;
    const { items } = await environment.api.json<{ items: { metadata: { name: string } }[] }>(path);
    return items.map(({ metadata }) => metadata.name);
  }

  it("promotes what runs at one location to the other", async () => {
    const { code, reports } = await deploy("promote --stack one --to two");
    assert.equal(code, 0, JSON.stringify(reports));
    assert.match((await (await caller("two")).get("/health")).text, /0\.0\.0\+resumed/);
  });

  it("measures how the engine wakes, and shows both locations in one table", async () => {
    const { reports } = await deploy("smoke --stack one --wake");
    const wake = reports.one?.smoke?.wakeSeconds;
    assert.ok(wake !== undefined, JSON.stringify(reports.one?.smoke));
    measured.add("wake from zero, by smoke --wake", wake);
    const { summary } = await deploy("status --stack one,two");
    assert.match(summary, /\| one \| app [0-9a-f]{8}/);
    assert.match(summary, /\| two \| app [0-9a-f]{8}/);
  });

  it("sees drift, and destroys both", async () => {
    assert.equal((await deploy("drift --stack one")).code, 0);
    await environment.api.text("/apis/networking.k8s.io/v1/namespaces/ai-one/networkpolicies/deepseek-ocr-ray", {
      method: "DELETE",
    });
    const drift = await deploy("drift --stack one");
    assert.equal(drift.code, 6);
    assert.match(drift.reports.one?.problem?.what ?? "", /gone: networking\.k8s\.io\/v1:NetworkPolicy/);
    const gone = await measured.time("destroy of two locations at once", () => deploy("destroy --stack one,two --yes"));
    assert.equal(gone.code, 0, JSON.stringify(gone.reports));
    const namespaces = await environment.api.json<{ items: { metadata: { name: string } }[] }>("/api/v1/namespaces");
    assert.deepEqual(
      namespaces.items.filter(({ metadata }) => /-(one|two)$/.test(metadata.name)),
      [],
    );
  });
});
