import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { resolveSettings } from "../../../components/config/resolve.ts";
import type { SettingsInput } from "../../../components/config/settings.ts";
import { readPrefetchSources } from "../../../components/sources.ts";
import { modelToFetch } from "../../../components/specs/modelCache.ts";
import { renderPrefetch } from "../../../components/specs/prefetchJob.ts";
import { python } from "../../helpers/python.ts";
import { cpuInput, gpuInput } from "../../helpers/settings.ts";

const source = { path: "ocr_app/prefetch_model.py", text: "print()" };

function render(over: SettingsInput = {}, sources = [source], input = gpuInput) {
  const { settings, app } = resolveSettings({ ...input, ...over });
  return renderPrefetch({ ...settings, registrySecret: false }, modelToFetch(settings.engine, app), sources);
}

describe("specs/prefetchJob", () => {
  const job = render()?.job;
  const pod = job?.spec.template.spec;

  it("fetches the pinned revision into the cache", () => {
    assert.deepEqual(pod?.containers[0]?.command, [
      "python",
      "-m",
      "ocr_app.prefetch_model",
      "--model",
      "deepseek-ai/DeepSeek-OCR",
      "--revision",
      "9f30c71f441d010e5429c532364a86705536c53a",
    ]);
    assert.deepEqual(pod?.containers[0]?.volumeMounts.at(-1), { name: "models", mountPath: "/models" });
  });

  it("finds its module where the script is mounted", () => {
    const { env = [], volumeMounts = [] } = pod?.containers[0] ?? {};
    assert.equal(env.find(({ name }) => name === "PYTHONPATH")?.value, volumeMounts[0]?.mountPath);
    const mounted = pod?.volumes.find(({ name }) => name === volumeMounts[0]?.name)?.configMap;
    assert.deepEqual(mounted?.items, [{ key: "ocr_app.prefetch_model.py", path: "ocr_app/prefetch_model.py" }]);
    assert.deepEqual(render()?.script.data, { "ocr_app.prefetch_model.py": "print()" });
  });

  it("carries every module that the script imports", function () {
    if (!python) this.skip();
    this.timeout(60_000);
    const folder = mkdtempSync(join(tmpdir(), "ocr-prefetch-"));
    try {
      const rendered = render({}, readPrefetchSources());
      const script = rendered?.job.spec.template.spec.volumes.find(({ name }) => name === "script")?.configMap;
      for (const { key, path } of script?.items ?? []) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), rendered?.script.data[key] ?? "");
      }
      // Stands in for the library, which the image has.
      writeFileSync(join(folder, "huggingface_hub.py"), "def snapshot_download(*args, **kwargs): ...");
      const [, ...command] = rendered?.job.spec.template.spec.containers[0]?.command?.slice(0, 3) ?? [];
      const help = execFileSync(join(process.cwd(), python as string), [...command, "--help"], {
        cwd: tmpdir(),
        env: { PYTHONPATH: folder },
        encoding: "utf8",
      });
      assert.match(help, /--revision/);
    } finally {
      rmSync(folder, { recursive: true });
    }
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
    assert.notEqual(render({}, [{ ...source, text: "pass" }])?.job.metadata.name, name);
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
    assert.equal(render({}, [source], cpuInput), undefined);
  });
});
