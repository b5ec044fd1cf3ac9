import assert from "node:assert/strict";
import { resolveSettings } from "../../components/config/resolve.ts";
import { REPLACES_ANNOTATION } from "../../components/kube/recovery.ts";
import { ModelAccess } from "../../components/modelAccess.ts";
import { readPrefetchSources } from "../../components/sources.ts";
import { modelToFetch } from "../../components/specs/modelCache.ts";
import { renderPrefetch } from "../../components/specs/prefetchJob.ts";
import { gpuInput } from "../helpers/settings.ts";
import { metadataOf, runAgainst } from "./duringUp.ts";
import { type FakeApi, fakeApi } from "./kube/fakeApi.ts";

const { settings, app } = resolveSettings(gpuInput);
const wanted = modelToFetch(settings.engine, app);
const name = renderPrefetch({ ...settings, registrySecret: false }, wanted, readPrefetchSources())?.job.metadata.name;

const JOBS = "/apis/batch/v1/namespaces/ai/jobs";
const failed = { conditions: [{ type: "Failed", status: "True", reason: "BackoffLimitExceeded", message: "6 times" }] };

/** A cluster that has the Job in one state before the deploy, and in another while the deploy waits for it. */
function cluster(before: object, during: object): FakeApi {
  return fakeApi({
    "/api/v1/namespaces/ai/pods": { items: [] },
    "/api/v1/namespaces/ai/events": { items: [] },
    "/api/v1/namespaces/ai/persistentvolumeclaims": { items: [] },
    [`${JOBS}/${name}`]: { metadata: { name, uid: "job-1" }, status: before },
    [JOBS]: { items: [{ metadata: { name }, status: during }] },
  });
}

const fill = (api: FakeApi) =>
  runAgainst(
    api,
    (deployTime) => new ModelAccess("model", { settings, app, secrets: {}, transforms: {}, deployTime }, {}).filled,
  );

describe("components/modelAccess", () => {
  it("is filled once the Job has succeeded", async () => {
    const api = cluster({ active: 1 }, { succeeded: 1 });
    const { failure, resources } = await fill(api);
    assert.equal(failure, undefined);
    assert.equal(metadataOf(resources, "Job")?.name, name);
    assert.ok(api.calls.includes(`GET ${JOBS}`));
  });

  it("ends the up with the reason where the Job failed", async () => {
    const { failure } = await fill(cluster({ active: 1 }, failed));
    assert.match(failure ?? "", /The Job \S+ cannot succeed\.\nThe Job \S+, which downloads the model, failed/);
  });

  it("replaces a Job that failed before, and only that", async () => {
    const replaces = async (before: object) => {
      const { resources } = await fill(cluster(before, { succeeded: 1 }));
      return metadataOf(resources, "Job")?.annotations?.[REPLACES_ANNOTATION];
    };
    assert.equal(await replaces(failed), "job-1");
    assert.equal(await replaces({ active: 1 }), "");
  });
});
