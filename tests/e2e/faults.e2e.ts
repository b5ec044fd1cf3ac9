import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { condition, type RayServiceObject } from "../../components/kube/objects.ts";
import { paths } from "../../components/kube/paths.ts";
import { type Caller, callerOf, pageRequest } from "./support/caller.ts";
import { activeCluster, NAMESPACE, pods, RAY_SERVICE, until } from "./support/cluster.ts";
import { Load } from "./support/load.ts";
import { OpenAiClient } from "./support/openaiClient.ts";
import { REDIS_ADDRESS, startRedis, stopRedis } from "./support/redis.ts";
import { suiteOf } from "./support/suite.ts";

const REDIS_PASSWORD = "redis-of-e2e";

/** An engine that starts at once and answers in a tenth of a second: what is measured is what stands around it. */
const settings = {
  location: "faults",
  engine: "null",
  exposure: "none",
  serve: { engineCpus: 1 },
  app: { null: { latency_s: 0.1 } },
  rayService: { initializingTimeoutSeconds: 120 },
};

describe("end to end: waking, and what breaks", () => {
  const suite = suiteOf(
    () => settings,
    ({ api }) => stopRedis(api),
  );
  const { measured } = suite;
  let caller: Caller;
  let body: unknown;

  before(async () => {
    body = pageRequest(await readFile(new URL("../../deploy/golden/letter.png", import.meta.url)));
  });

  async function up(changes = {}, secrets: Readonly<Record<string, string>> = {}): Promise<void> {
    await suite.up(changes, secrets);
    const found = await callerOf(suite.environment.api, NAMESPACE, "faults-ai-deepseek-ocr");
    assert.ok(found, "this machine does not reach the Service");
    caller = found;
  }

  it("replaces a RayService that KubeRay has given up, once its image is fixed", async () => {
    const broken = { images: { ray: "registry.invalid/deepseek-ocr:does-not-exist" } };
    await assert.rejects(up(broken), /cannot be pulled/);
    await until("KubeRay gives up", 240, async () => {
      const service = await suite.environment.api.find<RayServiceObject>(paths.rayService(NAMESPACE, RAY_SERVICE));
      return condition(service?.status?.conditions, "Ready")?.reason === "InitializingTimeout";
    });
    await measured.time("up after KubeRay has given up, until the service answers", () => up());
    assert.equal((await caller.post("/v1/chat/completions", body)).status, 200);
  });

  it("wakes an engine that starts at once", async () => {
    for (const round of [1, 2, 3]) {
      await until("scale to zero", 180, async () => (await pods(suite.environment.api, "worker")).length === 0);
      const started = performance.now();
      const seconds = () => (performance.now() - started) / 1_000;
      const answering = caller.post("/v1/chat/completions", body).then((answer) => ({ answer, at: seconds() }));
      const pod = await until("a worker pod", 60, async () => (await pods(suite.environment.api, "worker")).length > 0);
      const running = await until("its container runs", 60, async () =>
        (await pods(suite.environment.api, "worker")).some(({ status }) => status?.phase === "Running"),
      );
      const { answer, at } = await answering;
      assert.equal(answer.status, 200, answer.text);
      measured.add(`wake ${round}: asked to answered, engine null`, at);
      measured.add(`wake ${round}: of that, until the worker pod is there`, pod);
      measured.add(`wake ${round}: of that, until its container runs`, pod + running);
    }
  });

  /** Kills the head as a lost node does, under load; resolves once requests are answered again by a new one. */
  async function loseHead(label: string): Promise<{ lost: number; attempts: number }> {
    const client = new OpenAiClient(caller.url, body);
    const load = new Load(client.query, { clients: 4, pauseMilliseconds: 50 });
    await until("load runs warm", 120, async () => load.requests >= 40);
    // After a rollout the head of the cluster before may still be there.
    const cluster = await activeCluster(suite.environment.api);
    const heads = async () =>
      (await pods(suite.environment.api, "head")).filter(
        ({ metadata }) => metadata.labels?.["ray.io/cluster"] === cluster,
      );
    const [head] = await heads();
    assert.ok(head);
    await suite.environment.api.text(`${paths.pods(NAMESPACE)}/${head.metadata.name}?gracePeriodSeconds=0`, {
      method: "DELETE",
    });
    const back = await until(`${label}: a new head`, 240, async () =>
      (await heads()).some(
        ({ metadata, status }) =>
          metadata.name !== head.metadata.name &&
          status?.containerStatuses?.every(({ ready }) => ready === true) === true,
      ),
    );
    const asked = load.requests;
    await until(`${label}: answers again`, 180, async () => load.requests >= asked + 40);
    const report = await load.stop();
    measured.add(`${label}: until a new head is ready`, back);
    measured.add(`${label}: requests of 4 OpenAI clients meanwhile`, report.requests, "");
    measured.add(`${label}: lost, with the clients' own retries`, report.failures.length, "");
    measured.add(`${label}: HTTP attempts that failed`, client.failedAttempts, "");
    measured.add(`${label}: slowest answer`, report.slowest);
    for (const failure of report.failures) console.log(`        lost: ${failure.status} ${failure.text.slice(0, 200)}`);
    return { lost: report.failures.length, attempts: client.failedAttempts };
  }

  it("comes back by itself after the loss of its head", async () => {
    await loseHead("head lost");
    assert.equal((await caller.post("/v1/chat/completions", body)).status, 200);
  });

  it("loses no request with its head where the GCS is fault tolerant", async function () {
    if (suite.environment.redisImage === undefined) {
      console.log("      skipped: OCR_E2E_REDIS_IMAGE names no image with redis-server");
      this.skip();
    }
    await startRedis(suite.environment.api, suite.environment.redisImage, REDIS_PASSWORD);
    const faultTolerant = { gcsFaultTolerance: { enabled: true, redisAddress: REDIS_ADDRESS } };
    await measured.time("up that turns GCS fault tolerance on", () =>
      up(faultTolerant, { redisPassword: REDIS_PASSWORD }),
    );
    const { lost } = await loseHead("head lost, with GCS fault tolerance");
    assert.equal(lost, 0);
  });

  it("destroys that, Redis keys included", async () => {
    await measured.time("destroy", () => suite.stack.destroy());
    assert.equal(await suite.environment.api.find(`/api/v1/namespaces/${NAMESPACE}`), undefined);
  });
});
