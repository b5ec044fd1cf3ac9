import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { type Caller, callerOf, pageRequest, textOf } from "./support/caller.ts";
import { activeCluster, NAMESPACE, pods, until } from "./support/cluster.ts";
import { Load } from "./support/load.ts";
import { suiteOf } from "./support/suite.ts";

const SERVICE = "e2e-ai-deepseek-ocr";
const page = (name: string) => readFile(new URL(`../../deploy/golden/${name}.png`, import.meta.url));

describe("end to end: `pulumi up` on a cluster", () => {
  const suite = suiteOf(({ tailnet }) => ({
    location: "e2e",
    exposure: tailnet ? "tailscale" : "none",
    tailscale: { mode: "existing" },
    rayService: { initializingTimeoutSeconds: 400 },
  }));
  const { measured } = suite;
  let caller: Caller;

  before(() => suite.configure());

  const toZero = (what: string) =>
    until(what, 180, async () => (await pods(suite.environment.api, "worker")).length === 0);

  it("previews", async () => {
    await measured.time("preview of a new stack", () => suite.stack.preview());
  });

  it("brings the service up and reads a page through port 80", async () => {
    const started = performance.now();
    const { summary } = await measured.time("up of a new stack", () => suite.up());
    assert.equal(summary.result, "succeeded");
    const found = await callerOf(suite.environment.api, NAMESPACE, SERVICE);
    assert.ok(found, `this machine does not reach the address of Service ${SERVICE}`);
    caller = found;
    const body = pageRequest(await page("invoice"));
    const answer = await measured.time("first page after up, with a warm engine", () =>
      caller.post("/v1/chat/completions", body),
    );
    measured.add("from `pulumi up` to the first answer", (performance.now() - started) / 1_000);
    assert.equal(answer.status, 200, answer.text);
    for (const fact of ["Northlight Instruments", "321.00", "950.00"]) assert.ok(textOf(answer).includes(fact), fact);
  });

  it("changes nothing the second time, and finds no drift", async () => {
    await measured.time("preview without changes", () => suite.stack.preview({ expectNoChanges: true }));
    await measured.time("up without changes", () => suite.stack.up({ expectNoChanges: true }));
    // The RayService's status is part of its outputs and changes by itself; nothing else may have changed.
    const { summary } = await suite.stack.refresh();
    assert.ok((summary.resourceChanges?.update ?? 0) <= 1, JSON.stringify(summary.resourceChanges));
    await suite.stack.preview({ expectNoChanges: true });
  });

  it("gives the worker back and wakes from zero", async () => {
    measured.add("idle until no worker is left", await toZero("scale to zero"));
    const health = await caller.get("/health");
    assert.equal(health.status, 200);
    assert.equal((await pods(suite.environment.api, "worker")).length, 0, "a health check wakes nothing");
    const answer = await measured.time("wake from zero to a read page, CPU engine", async () =>
      caller.post("/v1/chat/completions", pageRequest(await page("letter"))),
    );
    assert.equal(answer.status, 200, answer.text);
    assert.ok(textOf(answer).includes("7,500 euros"));
    await toZero("scale to zero again");
  });

  it("rolls a change of settings in place", async () => {
    const before = await activeCluster(suite.environment.api);
    await measured.time("up of a change of settings", () => suite.up({ app: { limits: { max_images: 1 } } }));
    assert.equal(await activeCluster(suite.environment.api), before);
    const { messages, model } = pageRequest(await page("letter")) as {
      messages: { content: unknown[] }[];
      model: string;
    };
    const content = messages[0]?.content ?? [];
    const twice = { model, messages: [{ role: "user", content: [content[0], ...content] }] };
    const refused = await caller.post("/v1/chat/completions", twice);
    assert.equal(refused.status, 413, refused.text);
  });

  it("rolls a change of code through a second cluster, with no failed request and no cold stall", async () => {
    const before = await activeCluster(suite.environment.api);
    const letter = pageRequest(await page("letter"));
    const query = () => caller.post("/v1/chat/completions", letter);
    const load = new Load(query, { clients: 2, pauseMilliseconds: 300 });
    await until("load runs warm", 180, async () => load.requests >= 4);
    await suite.project.edit("__init__.py", (text) => text.replace(/__version__ = ".*"/, '__version__ = "0.0.0+e2e"'));
    await measured.time("up of a change of code, under load", () => suite.up());
    const atSwitch = load.requests;
    await until("answers from the new cluster", 120, async () => load.requests >= atSwitch + 4);
    const report = await load.stop();
    measured.add("requests during that rollout", report.requests, "");
    measured.add("failed of those", report.failures.length, "");
    measured.add("slowest of those", report.slowest);
    measured.add("longest time without an answer", report.longestSilence);
    assert.notEqual(await activeCluster(suite.environment.api), before);
    assert.deepEqual(report.failures, []);
    assert.match((await caller.get("/health")).text, /0\.0\.0\+e2e/);
    measured.add("back to no worker after the rollout", await toZero("scale to zero after a rollout"));
  });

  it("fails on a broken image in bounded time, with the reason, while the old service answers", async () => {
    const image = "registry.invalid/deepseek-ocr:does-not-exist";
    let stop = false;
    const statuses: number[] = [];
    const watching = (async () => {
      while (!stop) {
        statuses.push((await caller.get("/health")).status);
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    })();
    const failure = await measured.time("up with an image that does not exist, until it fails", async () =>
      suite.up({ images: { ray: image } }).then(
        () => assert.fail("the up should have failed"),
        (error: Error) => error.message,
      ),
    );
    stop = true;
    await watching;
    assert.match(failure, /The image registry\.invalid\/deepseek-ocr:does-not-exist .* cannot be pulled/);
    assert.ok(statuses.length > 0);
    assert.deepEqual(
      statuses.filter((status) => status !== 200),
      [],
    );
  });

  it("fails on code that cannot start, with the traceback", async () => {
    await suite.project.edit("app.py", (text) => `raise RuntimeError("broken on purpose")\n${text}`);
    const failure = await measured.time("up with code that cannot start, until it fails", () =>
      suite.up().then(
        () => assert.fail("the up should have failed"),
        (error: Error) => error.message,
      ),
    );
    assert.match(failure, /DEPLOY_FAILED/);
    assert.match(failure, /broken on purpose/);
    assert.equal((await caller.get("/health")).status, 200);
  });

  it("goes through once it is fixed", async () => {
    await suite.project.edit("app.py", (text) => text.replace(/^raise .*\n/, ""));
    await suite.project.edit("__init__.py", (text) => text.replace("e2e", "e2e.fixed"));
    await measured.time("up of the fix", () => suite.up());
    assert.match((await caller.get("/health")).text, /e2e\.fixed/);
    const answer = await caller.post("/v1/chat/completions", pageRequest(await page("letter")));
    assert.ok(textOf(answer).includes("7,500 euros"));
  });

  it("destroys everything but what is meant to stay", async () => {
    await measured.time("destroy", () => suite.stack.destroy());
    assert.equal(await suite.environment.api.find(`/api/v1/namespaces/${NAMESPACE}`), undefined);
    if (suite.environment.chart !== undefined) {
      assert.equal(await suite.environment.api.find("/api/v1/namespaces/kuberay-system"), undefined);
      const crds = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
      assert.ok(await suite.environment.api.find(`${crds}/rayservices.ray.io`), "CRDs stay");
    }
  });
});
