import assert from "node:assert/strict";
import fc from "fast-check";
import { isAppSource, readAppSources } from "../../../components/sources.ts";
import { appVolume, renderAppConfigMaps } from "../../../components/specs/appConfigMaps.ts";
import type { SourceFile } from "../../../components/specs/sourceFiles.ts";

const settings = { namespace: { name: "ai", create: true } };
const segment = fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/);
const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) => `${parts.join("/")}.py`);
const files = fc.uniqueArray(fc.record({ path, text: fc.string() }), { selector: ({ path }) => path, maxLength: 12 });

/** What a pod finds below the mount. */
function mounted(sources: readonly SourceFile[]): Record<string, string | undefined> {
  const configMaps = renderAppConfigMaps(sources, settings);
  const data = new Map(Object.values(configMaps).map((map) => [map.metadata.name, map.data]));
  const found = appVolume(configMaps, sources).projected?.sources.flatMap(({ configMap: { name, items } }) =>
    items.map(({ key, path }) => [path, data.get(name)?.[key]] as const),
  );
  return Object.fromEntries(found ?? []);
}

function names(sources: readonly SourceFile[]): [app: string, engine: string] {
  const { app, engine } = renderAppConfigMaps(sources, settings);
  return [app.metadata.name, engine.metadata.name];
}

function keys(sources: readonly SourceFile[]): string[] {
  return Object.values(renderAppConfigMaps(sources, settings)).flatMap(({ data }) => Object.keys(data));
}

describe("specs/appConfigMaps", () => {
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
        for (const key of keys(sources)) assert.match(key, /^[-._a-zA-Z0-9]{1,253}$/);
      }),
    );
  });

  it("carries what was tuned for a GPU, whose name vLLM prescribes, and no other JSON", () => {
    const tuned = "ocr_app/engine/vllm/moe/E=64,N=896,device_name=NVIDIA_H100_80GB_HBM3.json";
    assert.ok(isAppSource(tuned));
    assert.ok(!isAppSource("ocr_app/settings.schema.json"));
    const sources = [{ path: tuned, text: "{}" }];
    assert.deepEqual(mounted(sources), { [tuned]: "{}" });
    for (const key of keys(sources)) assert.match(key, /^[-._a-zA-Z0-9]+$/);
  });

  it("has the same name for the same files, in any order, and another for any change", () => {
    fc.assert(
      fc.property(
        files.filter(({ length }) => length > 0),
        (sources) => {
          const [app, engine] = names(sources);
          assert.deepEqual(names([...sources].reverse()), [app, engine]);
          const [first, ...rest] = sources as [SourceFile, ...SourceFile[]];
          for (const other of [names([{ ...first, text: `${first.text}#` }, ...rest]), names(rest)]) {
            assert.notEqual(other[0], app);
            assert.notEqual(other[1], engine);
          }
          assert.match(app, /^deepseek-ocr-app-[0-9a-f]{8}$/);
          assert.equal(engine, app.replace("-app-", "-engine-"));
        },
      ),
    );
  });

  it("refuses code that its ConfigMap does not hold", () => {
    const text = "x".repeat(850 * 1024);
    const other = { path: "ocr_app/engine/cpu/big.py", text };
    assert.doesNotThrow(() => renderAppConfigMaps([{ path: "ocr_app/big.py", text }, other], settings));
    const more = { path: "ocr_app/engine/cpu/more.py", text: "x".repeat(100 * 1024) };
    assert.throws(() => renderAppConfigMaps([other, more], settings), /part engine .* holds 921600/);
  });

  it("leaves the code of today room to grow", () => {
    for (const { data } of Object.values(renderAppConfigMaps(readAppSources(), settings))) {
      const bytes = Object.values<string>(data).reduce((sum, text) => sum + Buffer.byteLength(text), 0);
      assert.ok(bytes < 850 * 1024, `${bytes} bytes: split it before it is full`);
    }
  });

  it("cannot be edited under its name", () => {
    assert.equal(renderAppConfigMaps([], settings).app.immutable, true);
  });
});
