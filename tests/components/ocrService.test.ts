import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../../components/config/settings.ts";
import { REPLACES_ANNOTATION } from "../../components/kube/recovery.ts";
import { OcrService } from "../../components/ocrService.ts";
import { renderServeConfig, toYaml } from "../../components/specs/serveConfig.ts";
import { renderServeService } from "../../components/specs/serveService.ts";
import type { Recorded } from "../../tools/render/record.ts";
import { cpuSettings, gpuSettings } from "../helpers/settings.ts";
import { metadataOf, runAgainst } from "./duringUp.ts";
import { type FakeApi, fakeApi } from "./kube/fakeApi.ts";

const RAY_SERVICE = "/apis/ray.io/v1/namespaces/ai/rayservices/deepseek-ocr";
const PUBLISHED = "hel1-ai-deepseek-ocr.tail1234.ts.net";
const ready = (status: string, reason?: string) => [
  { type: "Ready", status, ...(reason === undefined ? {} : { reason, message: "not ready in 2400 s" }) },
  { type: "UpgradeInProgress", status: "False" },
];

/** A cluster in which KubeRay and Ray Serve have done their part for these settings. */
function cluster(settings: Settings, { conditions = ready("True"), published = PUBLISHED } = {}): FakeApi {
  const config = renderServeConfig(settings);
  const service = renderServeService(settings);
  const live = { ...service, status: { loadBalancer: { ingress: [{ hostname: published }] } } };
  return fakeApi({
    [RAY_SERVICE]: {
      metadata: { name: "deepseek-ocr", namespace: "ai", uid: "ray-1", generation: 1 },
      spec: { serveConfigV2: toYaml(config) },
      status: { observedGeneration: 1, conditions, activeServiceStatus: { rayClusterName: "ocr-a" } },
    },
    "/api/v1/namespaces/ai/pods": {
      items: [
        {
          metadata: { name: "head", labels: { "ray.io/cluster": "ocr-a", "ray.io/node-type": "head" } },
          status: { phase: "Running" },
        },
      ],
    },
    "/api/v1/namespaces/ai/events": { items: [] },
    "/api/v1/namespaces/ai/pods/head:8265/proxy/api/serve/applications/": {
      applications: { "deepseek-ocr": { status: "RUNNING", message: "", deployed_app_config: config.applications[0] } },
    },
    "/api/v1/namespaces/ai/services": { items: [live] },
    [`/api/v1/namespaces/ai/services/${service.metadata.name}`]: live,
  });
}

const deploy = (settings: Settings, api: FakeApi, prerequisites: pulumi.Output<unknown> = pulumi.output(undefined)) =>
  runAgainst(
    api,
    (deployTime) =>
      new OcrService("service", { settings, secrets: {}, transforms: {}, deployTime, prerequisites }, {}).publishedName,
  );

const replaces = (resources: readonly Recorded[]) =>
  metadataOf(resources, "RayService")?.annotations?.[REPLACES_ANNOTATION];

describe("components/ocrService", () => {
  it("gives the name on the tailnet once the service answers there", async () => {
    const { result, resources } = await deploy(gpuSettings(), cluster(gpuSettings()));
    assert.equal(result, PUBLISHED);
    assert.equal(replaces(resources), "");
  });

  it("gives no name inside the cluster, and does not wait for one", async () => {
    const { result } = await deploy(cpuSettings(), cluster(cpuSettings()));
    assert.equal(result, undefined);
  });

  it("ends the up where Tailscale published another name", async () => {
    const api = cluster(gpuSettings(), { published: "hel1-ai-deepseek-ocr-1.tail1234.ts.net" });
    const { failure } = await deploy(gpuSettings(), api);
    assert.match(failure ?? "", /another machine is already called hel1-ai-deepseek-ocr/);
  });

  it("ends the up with the reason where KubeRay gave up", async () => {
    const api = cluster(gpuSettings(), { conditions: ready("False", "InitializingTimeout") });
    const { failure } = await deploy(gpuSettings(), api);
    assert.match(failure ?? "", /deepseek-ocr cannot start\.\nKubeRay gave up on RayService/);
  });

  it("replaces a RayService on which KubeRay gave up", async () => {
    const dead = cluster(gpuSettings(), { conditions: ready("False", "InitializingTimeout") });
    const alive = cluster(gpuSettings());
    let looks = 0;
    const answers = () => (looks++ === 0 ? dead : alive).objects.get(RAY_SERVICE);
    const { resources } = await deploy(
      gpuSettings(),
      fakeApi({ ...Object.fromEntries(alive.objects), [RAY_SERVICE]: answers }),
    );
    assert.equal(replaces(resources), "ray-1");
  });

  it("creates no RayService before its prerequisites are there", async () => {
    const missing = pulumi.output(Promise.reject(new Error("no CRDs")));
    const { failure, resources } = await deploy(gpuSettings(), cluster(gpuSettings()), missing);
    assert.match(failure ?? "", /no CRDs/);
    assert.ok(metadataOf(resources, "ConfigMap"));
    assert.equal(metadataOf(resources, "RayService"), undefined);
  });
});
