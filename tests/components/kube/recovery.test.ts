import assert from "node:assert/strict";
import { REPLACES_ANNOTATION, replacedJob, replacedRayService } from "../../../components/kube/recovery.ts";
import { fakeApi } from "./fakeApi.ts";

const PATH = "/apis/ray.io/v1/namespaces/ai/rayservices/ocr";
const service = (reason: string, replaces?: string) => ({
  metadata: {
    name: "ocr",
    uid: "dead-1",
    annotations: replaces === undefined ? {} : { [REPLACES_ANNOTATION]: replaces },
  },
  status: { conditions: [{ type: "Ready", status: reason === "NonZeroServeEndpoints" ? "True" : "False", reason }] },
});
const ask = (objects: Record<string, unknown>) => replacedRayService(fakeApi(objects), "ai", "ocr");

describe("kube/recovery", () => {
  it("replaces nothing where there is nothing", async () => assert.equal(await ask({}), ""));

  it("names a RayService that KubeRay gave up on", async () => {
    assert.equal(await ask({ [PATH]: service("InitializingTimeout") }), "dead-1");
    assert.equal(await ask({ [PATH]: service("InitializingTimeout", "dead-0") }), "dead-1");
  });

  it("keeps what a living one carries, so that it is not replaced again", async () => {
    assert.equal(await ask({ [PATH]: service("NonZeroServeEndpoints", "dead-0") }), "dead-0");
    assert.equal(await ask({ [PATH]: service("Initializing") }), "");
  });

  it("replaces a Job that failed, and keeps one that did not", async () => {
    const job = (type: string) => ({
      "/apis/batch/v1/namespaces/ai/jobs/prefetch": {
        metadata: { name: "prefetch", uid: "job-1", annotations: { [REPLACES_ANNOTATION]: "job-0" } },
        status: { conditions: [{ type, status: "True" }] },
      },
    });
    assert.equal(await replacedJob(fakeApi(job("Failed")), "ai", "prefetch"), "job-1");
    assert.equal(await replacedJob(fakeApi(job("Complete")), "ai", "prefetch"), "job-0");
    assert.equal(await replacedJob(fakeApi({}), "ai", "prefetch"), "");
  });
});
