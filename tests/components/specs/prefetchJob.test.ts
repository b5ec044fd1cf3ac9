import assert from "node:assert/strict";
import type { SettingsInput } from "../../../components/config/settings.ts";
import { renderPrefetch } from "../../../components/specs/prefetchJob.ts";
import { cpuSettings, gpuSettings } from "../../helpers/settings.ts";

const render = (over: SettingsInput = {}) => renderPrefetch({ ...gpuSettings(over), registrySecret: false }, "print()");

describe("specs/prefetchJob", () => {
  const job = render()?.job;
  const pod = job?.spec.template.spec;

  it("fetches the pinned revision into the cache", () => {
    assert.deepEqual(pod?.containers[0]?.command, [
      "python",
      "/prefetch/prefetch_model.py",
      "--model",
      "deepseek-ai/DeepSeek-OCR",
      "--revision",
      "9f30c71f441d010e5429c532364a86705536c53a",
    ]);
    assert.deepEqual(pod?.containers[0]?.volumeMounts.at(-1), { name: "models", mountPath: "/models" });
  });

  it("is never offline itself", () => {
    assert.ok(!pod?.containers[0]?.env.some(({ name }) => name === "HF_HUB_OFFLINE"));
  });

  it("tries again, and ends", () => {
    assert.equal(job?.spec.backoffLimit, 5);
    assert.equal(job?.spec.activeDeadlineSeconds, 3_600);
  });

  it("is another Job for another model, mirror or script, and the same one otherwise", () => {
    const name = render()?.job.metadata.name;
    assert.equal(render({ scaling: { maxReplicas: 4 } })?.job.metadata.name, name);
    assert.notEqual(render({ app: { vllm: { revision: "abc" } } })?.job.metadata.name, name);
    assert.notEqual(render({ model: { endpoint: "https://mirror.example" } })?.job.metadata.name, name);
    assert.notEqual(renderPrefetch({ ...gpuSettings(), registrySecret: false }, "pass")?.job.metadata.name, name);
  });

  it("runs where engines run when the cache is that node's own", () => {
    const worker = { nodeSelector: { pool: "gpu" } };
    assert.deepEqual(render({ worker })?.job.spec.template.spec.nodeSelector, {});
    for (const cache of [{ type: "hostPath" }, { accessMode: "ReadWriteOnce" }]) {
      assert.deepEqual(render({ worker, cache })?.job.spec.template.spec.nodeSelector, { pool: "gpu" });
    }
  });

  it("is not there where nothing is to be fetched", () => {
    assert.equal(render({ model: { prefetch: false } }), undefined);
    assert.equal(renderPrefetch({ ...cpuSettings(), registrySecret: false }, ""), undefined);
  });
});
