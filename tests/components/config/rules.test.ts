import assert from "node:assert/strict";
import { checkAppSettings } from "../../../components/config/appSettings.ts";
import { defaults } from "../../../components/config/defaults.ts";
import { merge } from "../../../components/config/merge.ts";
import { tryResolve } from "../../../components/config/resolve.ts";
import { checkRules, rules } from "../../../components/config/rules/index.ts";
import { type Facts, problem, rule } from "../../../components/config/rules/rule.ts";
import { settingsSchema } from "../../../components/config/schema/index.ts";
import type { SettingsInput } from "../../../components/config/settings.ts";
import { cpuInput, gpuInput } from "../../helpers/settings.ts";

/** What rules get to see of an input, sound or not. */
function factsOf(input: SettingsInput): Facts {
  const settings = settingsSchema.parse(merge(defaults, input));
  return { ...settings, app: checkAppSettings(settings).effective, secrets: new Set() };
}

/** Keys of problems where `broken` sections are wrong by themselves. */
const keysOf = (broken: string, ...checked: typeof rules) =>
  checkRules(factsOf(gpuInput), new Set([broken]), checked).map(({ key }) => key);

const keys = (input: SettingsInput) => tryResolve(input, new Set()).problems.map(({ key }) => key);

describe("config/rules", () => {
  const mentions = rule(["scaling"], () => problem("scaling.maxReplicas", 2, "see worker and worker.gpus"));
  const silent = rule(["scaling", "worker"], () => problem("scaling.maxReplicas", 2, "is wrong"));

  it("reports a rule that only names a broken section in its text", () => {
    assert.deepEqual(keysOf("worker", mentions), ["scaling.maxReplicas"]);
    assert.deepEqual(keys({ ...gpuInput, engine: "gpu", app: { engine: "cpu" } }), ["engine", "app.engine"]);
  });

  it("leaves out a rule that reads a broken section, whatever its text says", () => {
    assert.deepEqual(keysOf("worker", silent), []);
    const emptyDir = { ...gpuInput, cache: { type: "emptyDir" } };
    assert.deepEqual(keys(emptyDir), ["model.prefetch", "model.offline"]);
    assert.deepEqual(keys({ ...emptyDir, engine: "gpu" }), ["engine"]);
  });

  it("does not compare with the application's defaults where its settings are wrong", () => {
    const serve = { apiMaxOngoingRequests: 100 };
    assert.deepEqual(keys({ ...gpuInput, serve, app: { queue: { max_in_flight: 50, pages: 1 } } }), [
      "app.queue.pages",
    ]);
    assert.deepEqual(keys({ ...gpuInput, serve }), ["serve.apiMaxOngoingRequests"]);
  });

  /** Between them these take every path of every rule. */
  const inputs: readonly SettingsInput[] = [
    gpuInput,
    cpuInput,
    { ...gpuInput, tailscale: {}, cluster: { gpus: 1 }, cache: { type: "emptyDir" }, model: { tokenSecretName: "hf" } },
    { ...gpuInput, tailscale: { https: true }, gpuOperator: { timeSlicingReplicas: 2 } },
    { ...gpuInput, gcsFaultTolerance: { enabled: true } },
    { ...gpuInput, pdfLibraries: { index: "https://pypi.example/simple" } },
  ];
  for (const { name, reads, check } of rules) {
    it(`${name} reads what it says: ${reads.join(", ")}`, () => {
      const seen = new Set<PropertyKey>();
      for (const input of inputs) {
        check(
          new Proxy(factsOf(input), {
            get: (facts, key) => {
              seen.add(key);
              return Reflect.get(facts, key);
            },
          }),
        );
      }
      assert.deepEqual([...seen].sort(), [...reads].sort());
    });
  }
});
