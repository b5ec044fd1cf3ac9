import assert from "node:assert/strict";
import { parse } from "yaml";
import { chartSource } from "../../../components/specs/charts.ts";
import { renderGpuOperatorRelease } from "../../../components/specs/gpuOperatorRelease.ts";
import { renderKuberayRelease } from "../../../components/specs/kuberayRelease.ts";
import { renderTailscaleRelease } from "../../../components/specs/tailscaleRelease.ts";
import { gpuSettings } from "../../helpers/settings.ts";

type Values = Record<string, Record<string, unknown>>;

describe("specs/charts", () => {
  const repository = "https://charts.example";
  for (const [what, chart, expected] of [
    ["a repository", { repository, name: "a", version: "1" }, { chart: "a", repository, version: "1" }],
    ["an OCI reference", { repository, name: "oci://reg/a", version: "1" }, { chart: "oci://reg/a", version: "1" }],
    ["a folder", { repository, name: "./charts/a", version: "1" }, { chart: "./charts/a" }],
    ["an absolute path", { repository, name: "/charts/a", version: "1" }, { chart: "/charts/a" }],
    ["an archive", { repository, name: "a-1.tgz", version: "1" }, { chart: "a-1.tgz" }],
    ["no pin", { repository, name: "a", version: "" }, { chart: "a", repository }],
  ] as const) {
    it(`takes ${what}`, () => assert.deepEqual(chartSource(chart), expected));
  }
});

describe("specs/gpuOperatorRelease", () => {
  const render = (gpuOperator = {}) =>
    renderGpuOperatorRelease(gpuSettings({ gpuOperator, app: { vllm: { gpu_memory_utilization: 0.4 } } }));

  it("leaves driver, toolkit and discovery to the nodes where they are turned off", () => {
    const values = render({ driver: false, toolkit: false, nodeFeatureDiscovery: false }).values as Values;
    assert.deepEqual(
      [values.driver, values.toolkit, values.nfd],
      [{ enabled: false }, { enabled: false }, { enabled: false }],
    );
    const on = render().values as Values;
    assert.deepEqual([on.driver, on.toolkit, on.nfd], [{ enabled: true }, { enabled: true }, { enabled: true }]);
  });

  it("shares GPUs only when asked", () => {
    assert.equal((render().values as Values).devicePlugin, undefined);
    const config = (render({ timeSlicingReplicas: 2 }).values as Values).devicePlugin?.config as {
      name: string;
      default: string;
      data: { any: string };
    };
    assert.equal(config.default, "any");
    assert.deepEqual(parse(config.data.any).sharing.timeSlicing.resources, [{ name: "nvidia.com/gpu", replicas: 2 }]);
  });

  it("names the sharing by its content, since the device plugin does not reload it", () => {
    const name = (replicas: number) => {
      const { devicePlugin } = render({ timeSlicingReplicas: replicas }).values as { devicePlugin: Values };
      return devicePlugin.config?.name as string;
    };
    assert.equal(name(2), name(2));
    assert.match(name(2), /^time-slicing-[0-9a-f]{8}$/);
  });

  it("keeps the chart's CRDs: its own hook upgrades them", () => assert.equal(render().skipCrds, false));

  it("lets a user's values win", () => {
    const values = render({ values: { driver: { version: "590" }, cdi: { enabled: false } } }).values as Values;
    assert.deepEqual(values.driver, { enabled: true, version: "590" });
    assert.deepEqual(values.cdi, { enabled: false });
  });
});

describe("specs/kuberayRelease", () => {
  it("watches the service's namespace and no other", () => {
    const { values } = renderKuberayRelease(gpuSettings({ namespace: { name: "ocr" } }));
    assert.deepEqual(values.watchNamespace, ["ocr"]);
    assert.equal(values.singleNamespaceInstall, true);
  });

  it("spares workers the container that waits for the head, unless asked for", () => {
    const env = (kuberay = {}) => renderKuberayRelease(gpuSettings({ kuberay })).values.env;
    assert.deepEqual(env(), [{ name: "ENABLE_INIT_CONTAINER_INJECTION", value: "false" }]);
    assert.deepEqual(env({ waitForGcs: true }), [{ name: "ENABLE_INIT_CONTAINER_INJECTION", value: "true" }]);
  });

  it("brings CRDs unless told not to", () => {
    assert.equal(renderKuberayRelease(gpuSettings()).skipCrds, false);
    assert.equal(renderKuberayRelease(gpuSettings({ kuberay: { installCrds: false } })).skipCrds, true);
  });
});

describe("specs/tailscaleRelease", () => {
  it("carries no secret: the OAuth client comes in a Secret of its own", () => {
    const { values } = renderTailscaleRelease(gpuSettings());
    assert.equal(values.oauth, undefined);
    assert.deepEqual(values.operatorConfig, {
      defaultTags: ["tag:k8s-operator"],
      hostname: "hel1-ai-tailscale-operator",
    });
    assert.deepEqual(values.proxyConfig, { defaultTags: "tag:k8s" });
  });
});
