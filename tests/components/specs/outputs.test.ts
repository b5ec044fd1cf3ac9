import assert from "node:assert/strict";
import { gpuCost, renderEndpoints } from "../../../components/specs/outputs.ts";
import { cpuSettings, gpuSettings } from "../../helpers/settings.ts";

describe("specs/outputs", () => {
  it("names the tailnet's endpoint, or the cluster's where there is none", () => {
    assert.equal(
      renderEndpoints(gpuSettings(), "m", "hel1-ai-deepseek-ocr.tail1.ts.net").endpoint,
      "http://hel1-ai-deepseek-ocr.tail1.ts.net",
    );
    assert.equal(
      renderEndpoints(cpuSettings(), "m", undefined).endpoint,
      "http://kind-ai-deepseek-ocr.ai.svc.cluster.local",
    );
  });

  it("gives a command that works as pasted, with the right context", () => {
    const command = "-n ai port-forward service/deepseek-ocr-head-svc 8265:8265";
    assert.equal(renderEndpoints(gpuSettings(), "m", "x").dashboardCommand, `kubectl ${command}`);
    assert.equal(
      renderEndpoints(gpuSettings({ cluster: { context: "prod" } }), "m", "x").dashboardCommand,
      `kubectl --context prod ${command}`,
    );
  });

  it("counts GPUs", () => {
    assert.equal(gpuCost(gpuSettings()), "asleep 0, awake up to 2, during a rollout up to 3");
    assert.equal(
      gpuCost(gpuSettings({ rayService: { upgradeStrategy: "None" } })),
      "asleep 0, awake up to 2, during a rollout up to 2",
    );
    assert.equal(gpuCost(cpuSettings()), "none");
  });
});
