import assert from "node:assert/strict";
import { ServiceFailed, type WaitOptions, waitForService } from "../../../components/kube/waitForService.ts";
import { recorded } from "./diagnose/recorded.ts";
import { type FakeApi, fakeApi, fakeClock } from "./fakeApi.ts";

const subject = { namespace: "ai", name: "ocr" };
const applications = [{ name: "ocr", import_path: "app:build" }];

function rayService(status: string, changes: object = {}) {
  return {
    metadata: { name: "ocr", namespace: "ai", generation: 1 },
    spec: { serveConfigV2: JSON.stringify({ applications }) },
    status: {
      observedGeneration: 1,
      conditions: [
        { type: "Ready", status: "True" },
        { type: "UpgradeInProgress", status: "False" },
      ],
      activeServiceStatus: { rayClusterName: "ocr-a", applicationStatuses: { ocr: { status, message: "boom" } } },
      ...changes,
    },
  };
}

const head = {
  metadata: { name: "head", namespace: "ai", labels: { "ray.io/cluster": "ocr-a", "ray.io/node-type": "head" } },
  status: { phase: "Running" },
};

/** Serve's own answer, by the API server's proxy. */
const DASHBOARD = "/api/v1/namespaces/ai/pods/head:8265/proxy/api/serve/applications/";
const dashboard = (status: string, importPath = "app:build") => ({
  applications: { ocr: { status, message: "boom", deployed_app_config: { name: "ocr", import_path: importPath } } },
});

function cluster(objects: Record<string, unknown>): FakeApi {
  return fakeApi({
    "/api/v1/namespaces/ai/pods": { items: [head] },
    "/api/v1/namespaces/ai/events": { items: [] },
    "/apis/ray.io/v1/namespaces/ai/rayservices/ocr": rayService("RUNNING"),
    ...objects,
  });
}

async function wait(api: FakeApi, options: Partial<WaitOptions> = {}) {
  const clock = fakeClock();
  const started = clock.now();
  const lines: string[] = [];
  const failure = await waitForService(api, subject, {
    timeoutSeconds: 300,
    report: (line) => void lines.push(line),
    clock,
    ...options,
  }).then(
    () => undefined,
    (error: unknown) => {
      assert.ok(error instanceof ServiceFailed, String(error));
      return error.message;
    },
  );
  return { failure, lines, seconds: (clock.now() - started) / 1_000 };
}

describe("kube/waitForService", () => {
  it("returns at once when Serve runs the newest configuration", async () => {
    const { failure, seconds } = await wait(cluster({ [DASHBOARD]: dashboard("RUNNING") }));
    assert.equal(failure, undefined);
    assert.equal(seconds, 0);
  });

  it("lets KubeRay's status settle where Serve cannot be asked", async () => {
    const { failure, seconds } = await wait(cluster({}));
    assert.equal(failure, undefined);
    assert.equal(seconds, 8);
  });

  it("does not judge a fix by the failure before it", async () => {
    let looks = 0;
    const answers = () => (++looks < 20 ? dashboard("DEPLOY_FAILED", "broken:build") : dashboard("RUNNING"));
    const { failure, lines } = await wait(cluster({ [DASHBOARD]: answers }));
    assert.equal(failure, undefined);
    assert.deepEqual(lines, ["waiting for Ray Serve to take up the configuration of ocr"]);
  });

  it("fails within seconds on an application that Serve could not start", async () => {
    const { failure, seconds } = await wait(cluster({ [DASHBOARD]: dashboard("DEPLOY_FAILED") }));
    assert.match(
      failure ?? "",
      /^ocr cannot start\.\nRay Serve could not start the application ocr \(DEPLOY_FAILED\)\.\n {4}boom/,
    );
    assert.ok(seconds < 10);
  });

  it("fails on an image that cannot be pulled after 45 s, and tells where it waits before", async () => {
    const { rayService: service, pods, events } = recorded("imagePull");
    const api = cluster({
      "/apis/ray.io/v1/namespaces/ai/rayservices/ocr": service,
      "/api/v1/namespaces/ai/pods": { items: pods },
      "/api/v1/namespaces/ai/events": { items: events },
    });
    const { failure, seconds, lines } = await wait(api);
    assert.match(failure ?? "", /The image registry\.invalid\/ocr:9\.9\.9 of head pod/);
    assert.equal(seconds, 45);
    assert.equal(lines.length, 1);
  });

  it("waits for a node as long as it may, and then says what was missing", async () => {
    const { rayService: service, pods } = recorded("noGpu");
    const api = cluster({
      "/apis/ray.io/v1/namespaces/ai/rayservices/ocr": service,
      "/api/v1/namespaces/ai/pods": { items: pods },
    });
    const { failure, seconds } = await wait(api);
    assert.equal(seconds, 300);
    assert.match(
      failure ?? "",
      /^ocr is not up after 300 s, still waiting for the Ray cluster \S+ to become ready\.\nNo node can run/,
    );
  });

  it("keeps what pods said before KubeRay gave up and took them away", async () => {
    const { rayService: service, pods } = recorded("noGpu");
    let looks = 0;
    const api = cluster({
      "/apis/ray.io/v1/namespaces/ai/rayservices/ocr": () =>
        ++looks < 5 ? service : recorded("initializingTimeout").rayService,
      "/api/v1/namespaces/ai/pods": () => ({ items: looks < 5 ? pods : [] }),
    });
    const { failure } = await wait(api);
    assert.match(failure ?? "", /KubeRay gave up/);
    assert.match(failure ?? "", /no node has a free GPU/);
  });

  it("says so when nothing looks wrong", async () => {
    const { failure } = await wait(cluster({ [DASHBOARD]: dashboard("DEPLOYING") }));
    assert.match(
      failure ?? "",
      /still waiting for the application ocr \(DEPLOYING\)\.\nNothing looks wrong in its pods/,
    );
  });
});
