import assert from "node:assert/strict";
import type { SettingsInput } from "../../../components/config/settings.ts";
import { warnings } from "../../../components/config/warnings.ts";
import { cpuSettings, gpuSettings } from "../../helpers/settings.ts";

const keyed = { auth: { enabled: true } };

describe("config/warnings", () => {
  it("has nothing to say about a location with a key", () => {
    assert.deepEqual(warnings(gpuSettings(keyed)), []);
    assert.deepEqual(warnings(cpuSettings(keyed)), []);
  });

  const cases: readonly [what: string, input: SettingsInput, word: RegExp][] = [
    ["a service without a key", { auth: { enabled: false } }, /tailnet your ACL/],
    ["open Ray ports", { network: { policies: false } }, /GCS ports are open/],
    [
      "a shared GPU",
      { gpuOperator: { timeSlicingReplicas: 2 }, app: { vllm: { gpu_memory_utilization: 0.4 } } },
      /without isolation/,
    ],
    ["a volume of one node", { cache: { accessMode: "ReadWriteOnce" } }, /on the node that holds/],
    ["a cache on one node", { cache: { type: "hostPath" } }, /one node only/],
    ["a cold rollout", { scaling: { initialReplicas: 0 } }, /cold engine/],
  ];
  for (const [what, input, word] of cases) {
    it(`warns of ${what}`, () => {
      const [first, ...rest] = warnings(gpuSettings({ ...keyed, ...input }));
      assert.match(first ?? "", word);
      assert.deepEqual(rest, []);
    });
  }
});
