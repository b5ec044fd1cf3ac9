import assert from "node:assert/strict";
import fc from "fast-check";
import { isAppSource } from "../../../components/sources.ts";
import { appVolume, renderAppConfigMap } from "../../../components/specs/appConfigMap.ts";
import type { SourceFile } from "../../../components/specs/sourceFiles.ts";

const settings = { namespace: { name: "ai", create: true } };
const segment = fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/);
const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) => `${parts.join("/")}.py`);
const files = fc.uniqueArray(fc.record({ path, text: fc.string() }), { selector: ({ path }) => path, maxLength: 12 });

/** What a pod finds below the mount. */
function mounted(sources: readonly SourceFile[]): Record<string, string | undefined> {
  const configMap = renderAppConfigMap(sources, settings);
  const items = appVolume(configMap, sources).configMap?.items ?? [];
  return Object.fromEntries(items.map(({ key, path }) => [path, configMap.data[key]]));
}

describe("specs/appConfigMap", () => {
  it("puts every file back where it was", () => {
    fc.assert(
      fc.property(files, (sources) => {
        assert.deepEqual(mounted(sources), Object.fromEntries(sources.map(({ path, text }) => [path, text])));
      }),
    );
  });

  it("uses only keys that Kubernetes allows", () => {
    fc.assert(
      fc.property(files, (sources) => {
        for (const key of Object.keys(renderAppConfigMap(sources, settings).data))
          assert.match(key, /^[-._a-zA-Z0-9]{1,253}$/);
      }),
    );
  });

  it("carries what was tuned for a GPU, whose name vLLM prescribes, and no other JSON", () => {
    const tuned = "ocr_app/engine/vllm/moe/E=64,N=896,device_name=NVIDIA_H100_80GB_HBM3.json";
    assert.ok(isAppSource(tuned));
    assert.ok(!isAppSource("ocr_app/settings.schema.json"));
    const sources = [{ path: tuned, text: "{}" }];
    assert.deepEqual(mounted(sources), { [tuned]: "{}" });
    for (const key of Object.keys(renderAppConfigMap(sources, settings).data)) assert.match(key, /^[-._a-zA-Z0-9]+$/);
  });

  it("has the same name for the same files, in any order, and another for any change", () => {
    fc.assert(
      fc.property(
        files.filter(({ length }) => length > 0),
        (sources) => {
          const { name } = renderAppConfigMap(sources, settings).metadata;
          assert.equal(renderAppConfigMap([...sources].reverse(), settings).metadata.name, name);
          const [first, ...rest] = sources as [SourceFile, ...SourceFile[]];
          assert.notEqual(
            renderAppConfigMap([{ ...first, text: `${first.text}#` }, ...rest], settings).metadata.name,
            name,
          );
          assert.notEqual(renderAppConfigMap(rest, settings).metadata.name, name);
          assert.match(name, /^deepseek-ocr-app-[0-9a-f]{8}$/);
        },
      ),
    );
  });

  it("refuses code that no ConfigMap holds", () => {
    const text = "x".repeat(950 * 1024);
    assert.throws(() => renderAppConfigMap([{ path: "big.py", text }], settings), /holds 921600/);
  });

  it("cannot be edited under its name", () => {
    assert.equal(renderAppConfigMap([], settings).immutable, true);
  });
});
