import assert from "node:assert/strict";
import { resolveSettings } from "../../../components/config/resolve.ts";
import type { SettingsInput } from "../../../components/config/settings.ts";
import { cacheVolume, modelAccessEnv, modelToFetch, renderCacheClaim } from "../../../components/specs/modelCache.ts";
import { cpuInput, cpuSettings, gpuInput, gpuSettings } from "../../helpers/settings.ts";

function fetched(input: SettingsInput) {
  const { settings, app } = resolveSettings(input);
  return modelToFetch(settings.engine, app);
}

describe("specs/modelCache", () => {
  it("claims a volume that several nodes can mount", () => {
    const claim = renderCacheClaim(gpuSettings({ cache: { storageClass: "nfs" } }));
    assert.deepEqual(claim?.spec, {
      accessModes: ["ReadWriteMany"],
      storageClassName: "nfs",
      resources: { requests: { storage: "30Gi" } },
    });
    assert.equal(renderCacheClaim(gpuSettings())?.spec.storageClassName, undefined);
  });

  it("claims nothing where there is nothing to claim", () => {
    const offline = { prefetch: false, offline: false };
    assert.equal(renderCacheClaim(cpuSettings()), undefined);
    assert.equal(renderCacheClaim(gpuSettings({ cache: { existingClaim: "mine" } })), undefined);
    assert.equal(renderCacheClaim(gpuSettings({ cache: { type: "hostPath" } })), undefined);
    assert.equal(renderCacheClaim(gpuSettings({ cache: { type: "emptyDir" }, model: offline })), undefined);
  });

  it("mounts the claim, the node's folder or an empty one", () => {
    const model = { prefetch: false, offline: false };
    assert.deepEqual(cacheVolume(gpuSettings({ cache: { existingClaim: "mine" } })).persistentVolumeClaim, {
      claimName: "mine",
    });
    assert.deepEqual(cacheVolume(gpuSettings({ cache: { type: "hostPath", hostPath: "/data" } })).hostPath, {
      path: "/data",
      type: "DirectoryOrCreate",
    });
    assert.deepEqual(cacheVolume(gpuSettings({ cache: { type: "emptyDir" }, model })).emptyDir, { sizeLimit: "30Gi" });
  });

  it("takes the token from our Secret or from yours, and lives without", () => {
    const token = (model = {}) =>
      modelAccessEnv(gpuSettings({ model })).find(({ name }) => name === "HF_TOKEN")?.valueFrom;
    assert.deepEqual(token(), { secretKeyRef: { name: "deepseek-ocr-hugging-face", key: "token", optional: true } });
    assert.deepEqual(token({ tokenSecretName: "hf" }), { secretKeyRef: { name: "hf", key: "token", optional: true } });
  });

  it("fetches what the application will load, and no folder", () => {
    const app = { vllm: { model: "deepseek-ai/DeepSeek-OCR-2", revision: "abc" } };
    assert.deepEqual(fetched({ ...gpuInput, app }), { repository: "deepseek-ai/DeepSeek-OCR-2", revision: "abc" });
    assert.equal(fetched({ ...gpuInput, app: { vllm: { model: "/models/mine", revision: null } } }), undefined);
    assert.equal(fetched(cpuInput), undefined);
  });
});
