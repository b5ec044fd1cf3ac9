import assert from "node:assert/strict";
import { parse } from "yaml";
import type { Settings } from "../../../components/config/settings.ts";
import { readAppSources } from "../../../components/sources.ts";
import { renderAppConfigMaps } from "../../../components/specs/appConfigMaps.ts";
import { type RayServiceParts, renderRayService } from "../../../components/specs/rayService.ts";
import type { RayService } from "../../../components/specs/rayTypes.ts";
import { renderServeConfig } from "../../../components/specs/serveConfig.ts";
import { crdFolder, crdValidator, noCrds } from "../../helpers/crd.ts";
import { cpuSettings, gpuSettings } from "../../helpers/settings.ts";

const sources = [
  { path: "ocr_app/__init__.py", text: "" },
  { path: "ocr_app/app.py", text: "x = 1" },
];

function render(settings: Settings, parts: Partial<RayServiceParts> = {}): RayService {
  const app = renderAppConfigMaps(sources, settings);
  return renderRayService(settings, {
    app,
    sources,
    registrySecret: false,
    redisSecret: false,
    packageIndexSecret: false,
    ...parts,
  });
}

/** Everything on at once, so that each branch of the renderers meets the CRD. */
const everything = gpuSettings({
  auth: { enabled: true },
  images: { pullSecrets: ["mirror"] },
  gcsFaultTolerance: { enabled: true, redisAddress: "redis:6379" },
  rayService: { priorityClassName: "high" },
  worker: { runtimeClassName: "nvidia", nodeSelector: { pool: "gpu" } },
  model: { endpoint: "https://mirror.example" },
});

const headOfItsOwn = gpuSettings({ images: { head: "mine/head:1" }, pdfLibraries: { install: "required" } });

describe("specs/rayService", () => {
  const service = render(gpuSettings());
  const cluster = service.spec.rayClusterConfig;
  const [workers] = cluster.workerGroupSpecs;
  const head = cluster.headGroupSpec.template.spec;
  const worker = workers?.template.spec;
  const env = (spec: typeof head | undefined) =>
    Object.fromEntries(spec?.containers[0]?.env.map(({ name, value, valueFrom }) => [name, value ?? valueFrom]) ?? []);

  for (const [name, settings, parts] of [
    ["the defaults", gpuSettings(), {}],
    ["the CPU engine", cpuSettings(), {}],
    ["everything at once", everything, { registrySecret: true, redisSecret: true }],
    ["a model folder on the node", gpuSettings({ cache: { type: "hostPath" } }), {}],
    ["an image of the head's own and PDF libraries from an index", headOfItsOwn, { packageIndexSecret: true }],
    ["no pod security", gpuSettings({ rayService: { podSecurity: false } }), {}],
  ] as const) {
    it(`fits KubeRay's CRD with ${name}`, function () {
      if (!crdFolder) {
        console.log(`      ${noCrds}`);
        this.skip();
      }
      this.timeout(60_000);
      const validate = crdValidator("ray.io_rayservices.yaml");
      validate(render(settings, parts));
      assert.deepEqual(validate.errors ?? [], []);
    });
  }

  it("is checked against the CRD strictly: a misspelled field fails", function () {
    if (!crdFolder) this.skip();
    this.timeout(60_000);
    const validate = crdValidator("ray.io_rayservices.yaml");
    const misspelled = structuredClone(service) as unknown as { spec: { rayClusterConfig: Record<string, unknown> } };
    misspelled.spec.rayClusterConfig.enableInTreeAutoscalling = true;
    assert.equal(validate(misspelled), false);
  });

  it("keeps the head's proxy behind the Service: nothing else hears the first request", () => {
    assert.ok(!("excludeHeadPodFromServeSvc" in service.spec));
  });

  it("keeps engines and GPUs off the head", () => {
    assert.equal(cluster.headGroupSpec.rayStartParams["num-cpus"], "0");
    assert.equal(head.containers[0]?.resources.limits["nvidia.com/gpu"], undefined);
    assert.equal(worker?.containers[0]?.resources.limits["nvidia.com/gpu"], "1");
  });

  it("starts without workers and lets the autoscaler have as many as there may be replicas", () => {
    assert.deepEqual([workers?.replicas, workers?.minReplicas, workers?.maxReplicas], [0, 0, 2]);
    assert.equal(cluster.autoscalerOptions.version, "v2");
  });

  it("gives the head an image of its own, and then lets Python's patch versions differ, on both kinds of pods", () => {
    const { headGroupSpec, workerGroupSpecs } = render(headOfItsOwn).spec.rayClusterConfig;
    const [own, others] = [headGroupSpec.template.spec, workerGroupSpecs[0]?.template.spec];
    assert.equal(own.containers[0]?.image, "mine/head:1");
    assert.equal(others?.containers[0]?.image, "rayproject/ray-llm:2.60.0-py312-cu130");
    assert.equal(others?.initContainers, undefined);
    for (const spec of [own, others]) assert.equal(env(spec).RAY_DEFAULT_PYTHON_VERSION_MATCH_LEVEL, "minor");
    for (const spec of [head, worker]) {
      assert.equal(spec?.containers[0]?.image, "rayproject/ray-llm:2.60.0-py312-cu130");
      assert.equal(env(spec).RAY_DEFAULT_PYTHON_VERSION_MATCH_LEVEL, undefined);
    }
  });

  it("gives only the head the image that is the head's, with the CPU engine too", () => {
    const { headGroupSpec, workerGroupSpecs } = render(
      cpuSettings({ images: { ray: "ocr-cpu:1", head: "mine/head:1" } }),
    ).spec.rayClusterConfig;
    assert.equal(headGroupSpec.template.spec.containers[0]?.image, "mine/head:1");
    assert.equal(workerGroupSpecs[0]?.template.spec.containers[0]?.image, "ocr-cpu:1");
  });

  it("carries the Serve config as text that says what was rendered", () => {
    assert.deepEqual(parse(service.spec.serveConfigV2), renderServeConfig(gpuSettings()));
  });

  it("puts the same code on head and workers", () => {
    const mount = { name: "app", mountPath: "/serve_app", readOnly: true };
    for (const spec of [head, worker]) {
      assert.deepEqual(spec?.containers[0]?.volumeMounts[0], mount);
      assert.equal(env(spec).PYTHONPATH, mount.mountPath);
    }
    assert.deepEqual(head.volumes[0], worker?.volumes[0]);
  });

  it("sets Ray Serve's own switches alike on head and workers", () => {
    for (const spec of [head, worker]) assert.equal(env(spec).RAY_SERVE_USE_GRPC_BY_DEFAULT, "1");
  });

  it("reaches what is inside the cluster without a proxy that pods are given", () => {
    const names = (spec: typeof head | undefined) => spec?.containers[0]?.env.map(({ name }) => name);
    for (const spec of [head, worker]) {
      // Pod IPs are in no list: for gRPC, an empty grpc_proxy decides. KubeRay drops the field `value` if it is empty.
      assert.deepEqual(
        spec?.containers[0]?.env.find(({ name }) => name === "grpc_proxy"),
        { name: "grpc_proxy" },
      );
      for (const name of ["no_proxy", "NO_PROXY"]) assert.match(String(env(spec)[name]), /127\.0\.0\.1.*,\.svc,/);
      assert.equal(names(spec)?.includes("HTTPS_PROXY"), false);
    }
    const autoscaler = cluster.autoscalerOptions.env.find(({ name }) => name === "no_proxy");
    assert.match(autoscaler?.value ?? "", /kubernetes\.default/);
  });

  it("gives the model to workers only, from the cache only", () => {
    assert.equal(env(worker).HF_HOME, "/models");
    assert.equal(env(worker).HF_HUB_OFFLINE, "1");
    assert.equal(env(head).HF_HOME, undefined);
    assert.deepEqual(worker?.volumes.at(-1), {
      name: "models",
      persistentVolumeClaim: { claimName: "deepseek-ocr-models" },
    });
  });

  it("leaves the compile cache to the application, which keeps it where HF_HOME is: on the volume", () => {
    assert.equal(env(worker).VLLM_CACHE_ROOT, undefined);
    const mount = worker?.containers[0]?.volumeMounts.find(({ name }) => name === "models");
    assert.equal(env(worker).HF_HOME, mount?.mountPath);
  });

  it("gives the CPU engine neither model nor GPU", () => {
    const spec = render(cpuSettings()).spec.rayClusterConfig.workerGroupSpecs[0]?.template.spec;
    assert.deepEqual(
      spec?.volumes.map(({ name }) => name),
      ["app", "dshm"],
    );
    assert.equal(spec?.containers[0]?.resources.limits["nvidia.com/gpu"], undefined);
  });

  it("hands the API key to the head alone, by reference, and only where one is asked for", () => {
    const keyed = render(gpuSettings({ auth: { enabled: true } })).spec.rayClusterConfig;
    const ref = env(keyed.headGroupSpec.template.spec).OCR_API_KEY as unknown as { secretKeyRef: { key: string } };
    assert.equal(ref.secretKeyRef.key, "api-key");
    assert.equal(env(keyed.workerGroupSpecs[0]?.template.spec).OCR_API_KEY, undefined);
    assert.equal(env(head).OCR_API_KEY, undefined);
  });

  it("restarts the pods when the key rotates", () => {
    const rotated = render(gpuSettings({ auth: { enabled: true, rotation: "2" } }));
    const before = render(gpuSettings({ auth: { enabled: true } }));
    assert.notDeepEqual(rotated.spec.rayClusterConfig, before.spec.rayClusterConfig);
  });

  it("changes only the Serve config with scaling and app settings: those roll in place", () => {
    for (const over of [{ scaling: { upscaleDelaySeconds: 5 } }, { app: { limits: { max_images: 2 } } }]) {
      const changed = render(gpuSettings(over));
      assert.deepEqual(changed.spec.rayClusterConfig, cluster);
      assert.notEqual(changed.spec.serveConfigV2, service.spec.serveConfigV2);
    }
  });

  it("changes the cluster with the code", () => {
    const settings = gpuSettings();
    const changed = [...sources, { path: "ocr_app/new.py", text: "y = 2" }];
    const app = renderAppConfigMaps(changed, settings);
    assert.notDeepEqual(render(settings, { app, sources: changed }).spec.rayClusterConfig, cluster);
  });

  it("runs as a user without privileges, unless told not to", () => {
    for (const spec of [head, worker]) {
      assert.equal(spec?.securityContext?.runAsNonRoot, true);
      assert.equal(spec?.containers[0]?.securityContext?.allowPrivilegeEscalation, false);
    }
    const open = render(gpuSettings({ rayService: { podSecurity: false } })).spec.rayClusterConfig;
    assert.equal(open.headGroupSpec.template.spec.securityContext, undefined);
    assert.equal(open.autoscalerOptions.securityContext, undefined);
  });

  it("ends a worker only after its replicas had their time, and an idle one at once", () => {
    assert.ok((worker?.terminationGracePeriodSeconds ?? 0) > 660);
    assert.match(worker?.containers[0]?.lifecycle?.preStop.exec.command.at(-1) ?? "", /ray stop$/);
    assert.equal(head?.terminationGracePeriodSeconds, 30);
  });

  it("asks for as much CPU and memory as it is told to, and for all of its GPU", () => {
    const { requests: asked, limits: allowed } = worker?.containers[0]?.resources ?? {};
    assert.deepEqual(asked, { ...allowed, cpu: "4", memory: "24Gi" });
    const small = render(gpuSettings({ head: { cpuRequest: "300m" } })).spec.rayClusterConfig.headGroupSpec.template;
    const { requests, limits } = small.spec.containers[0]?.resources ?? {};
    assert.deepEqual([requests?.cpu, limits?.cpu], ["300m", "4"]);
  });

  it("asks Redis for its password only where there is one", () => {
    const withPassword = render(everything, { redisSecret: true }).spec.rayClusterConfig.gcsFaultToleranceOptions;
    const without = render(everything).spec.rayClusterConfig.gcsFaultToleranceOptions;
    assert.equal(withPassword?.redisPassword?.valueFrom.secretKeyRef.name, "deepseek-ocr-redis");
    assert.deepEqual(without, { redisAddress: "redis:6379" });
    assert.equal(cluster.gcsFaultToleranceOptions, undefined);
  });

  it("has a place on head and workers for every file of the real application", () => {
    const real = readAppSources();
    assert.ok(real.some(({ path }) => path === "ocr_app/app.py"));
    const { app, engine } = renderAppConfigMaps(real, gpuSettings());
    assert.equal(Object.keys({ ...app.data, ...engine.data }).length, real.length);
  });
});
