import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { ConfigError } from "../../components/config/errors.ts";
import { DeepSeekOcr, type DeepSeekOcrArgs, type Transforms } from "../../components/index.ts";
import { type Recorded, record } from "../../tools/render/record.ts";

const gpu: DeepSeekOcrArgs = {
  location: "hel1",
  tailscale: { oauthClientId: "k1" },
  secrets: { tailscaleOauthClientSecret: "t0p" },
};
const cpu: DeepSeekOcrArgs = {
  location: "kind",
  engine: "cpu",
  exposure: "none",
  images: { ray: "ocr-cpu:1" },
  worker: { gpus: 0 },
};

interface Deployed {
  readonly resources: readonly Recorded[];
  readonly ocr: DeepSeekOcr;
  /** What each resource waits for, by name. */
  readonly dependsOn: ReadonlyMap<string, readonly string[]>;
}

async function deploy(args: DeepSeekOcrArgs, transforms: Transforms = {}): Promise<Deployed> {
  const dependsOn = new Map<string, readonly string[]>();
  const watch: pulumi.ResourceTransformation = ({ name, opts }) => {
    const others = [opts.dependsOn ?? []].flat() as pulumi.Resource[];
    dependsOn.set(
      name,
      others.map((other) => (other as unknown as { __name: string }).__name),
    );
    return undefined;
  };
  let ocr: DeepSeekOcr | undefined;
  const resources = await record(() => {
    ocr = new DeepSeekOcr("ocr", args, { transformations: [watch] }, transforms);
  });
  assert.ok(ocr);
  return { resources, ocr, dependsOn };
}

function kinds(resources: readonly Recorded[]): string[] {
  return resources.filter(({ type }) => type.startsWith("kubernetes:")).map(({ type }) => type.split(":").at(-1) ?? "");
}

function releases(resources: readonly Recorded[]): unknown[] {
  return resources.filter(({ type }) => type.endsWith(":Release")).map(({ inputs }) => inputs.name);
}

function names(resources: readonly Recorded[], type: string): string[] {
  return resources
    .filter((resource) => resource.type.endsWith(`:${type}`))
    .map(({ inputs }) => (inputs.metadata as { name: string }).name);
}

function promiseOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve));
}

describe("components/deepSeekOcr", () => {
  it("brings every part to a cluster with GPUs", async () => {
    const { resources } = await deploy(gpu);
    assert.deepEqual(releases(resources).sort(), ["gpu-operator", "kuberay-operator", "tailscale-operator"]);
    assert.deepEqual(names(resources, "Namespace").sort(), ["ai", "gpu-operator", "kuberay-system", "tailscale"]);
    assert.deepEqual(names(resources, "RayService"), ["deepseek-ocr"]);
    assert.deepEqual(names(resources, "PersistentVolumeClaim"), ["deepseek-ocr-models"]);
    assert.equal(names(resources, "Job").length, 1);
    assert.equal(names(resources, "NetworkPolicy").length, 3);
  });

  it("brings no GPU, model or tailnet part to a cluster without them", async () => {
    const { resources } = await deploy(cpu);
    assert.deepEqual(releases(resources), ["kuberay-operator"]);
    assert.ok(!kinds(resources).some((kind) => kind === "Job" || kind === "PersistentVolumeClaim"));
  });

  it("installs no operator that exists", async () => {
    const existing = { mode: "existing" };
    const { resources } = await deploy({
      location: "hel1",
      gpuOperator: existing,
      kuberay: existing,
      tailscale: existing,
    });
    assert.deepEqual(releases(resources), []);
    assert.deepEqual(names(resources, "Namespace"), ["ai"]);
  });

  it("makes no namespace that exists", async () => {
    const there = { createNamespace: false };
    const { resources } = await deploy({ ...cpu, namespace: { create: false }, kuberay: there });
    assert.deepEqual(names(resources, "Namespace"), []);
  });

  it("talks to the one cluster that it was given, never to a default one", async () => {
    const { resources } = await deploy({ ...gpu, cluster: { context: "hel1" } });
    const [provider, ...others] = resources.filter(({ type }) => type === "pulumi:providers:kubernetes");
    assert.deepEqual([provider?.inputs.context, others], ["hel1", []]);
    for (const resource of resources.filter(({ type, custom }) => custom && type.startsWith("kubernetes:"))) {
      assert.match(resource.provider ?? "", /ocr-cluster/, resource.name);
    }
  });

  it("touches nothing that the whole tailnet shares", async () => {
    const { resources } = await deploy({ location: "hel1", tailscale: { createOauthClient: true } });
    const tailnet = resources.filter(({ type }) => type.startsWith("tailscale:")).map(({ type }) => type);
    assert.deepEqual(tailnet, ["tailscale:index/oauthClient:OauthClient"]);
  });

  it("gives an OAuth client of its own what the operator needs and no more", async () => {
    const { resources } = await deploy({ location: "hel1", tailscale: { createOauthClient: true } });
    const client = resources.find(({ type }) => type.startsWith("tailscale:"));
    assert.deepEqual(client?.inputs.scopes, ["devices:core", "auth_keys", "services"]);
    assert.deepEqual(client?.inputs.tags, ["tag:k8s-operator"]);
    assert.match(String(client?.inputs.description), /^[a-zA-Z0-9 ]+$/);
  });

  it("lets the service wait for all it needs, so that it also goes before them", async () => {
    const { dependsOn } = await deploy(gpu);
    assert.deepEqual(
      new Set(dependsOn.get("ocr-service")),
      new Set(["ocr-namespace", "ocr-kuberay", "ocr-gpu", "ocr-tailscale", "ocr-secrets", "ocr-model"]),
    );
    const policies = ["ray", "operator", "clients"].map((policy) => `ocr-service-deepseek-ocr-${policy}`);
    assert.deepEqual(dependsOn.get("ocr-service-ray-service"), ["ocr-service-app", "ocr-service-engine", ...policies]);
    assert.deepEqual(dependsOn.get("ocr-model-prefetch"), ["ocr-model-prefetch-script", "ocr-model-cache"]);
    assert.deepEqual(dependsOn.get("ocr-kuberay"), ["ocr-namespace"]);
  });

  it("names every child after itself", async () => {
    const { resources } = await deploy(gpu);
    const strangers = resources.filter(({ name, type }) => !name.startsWith("ocr") && type !== "pulumi:pulumi:Stack");
    assert.deepEqual(strangers, []);
  });

  it("keeps every secret a secret", async () => {
    const { resources } = await deploy({
      ...gpu,
      auth: { enabled: true },
      gcsFaultTolerance: { enabled: true, redisAddress: "redis:6379" },
      pdfLibraries: { install: "required" },
      secrets: {
        ...gpu.secrets,
        huggingFaceToken: "hf-t0p",
        apiKey: "key-t0p",
        redisPassword: "redis-t0p",
        registryDockerConfig: "{}",
        packageIndex: "https://me:t0p@pypi.example/simple",
        kubeconfig: "kube-t0p",
      },
    });
    const secrets = resources.filter(({ type }) => type === "kubernetes:core/v1:Secret");
    for (const { inputs, name } of secrets) assert.ok(pulumi.runtime.isRpcSecret(inputs.stringData), name);
    assert.equal(secrets.length, 7);
    const plain = JSON.stringify(resources, (_key, value) => (pulumi.runtime.isRpcSecret(value) ? undefined : value));
    assert.ok(!plain.includes("t0p"));
  });

  it("hands out the API key as a secret, and an empty one where none is asked for", async () => {
    const off = await deploy(cpu);
    assert.equal(await promiseOf(off.ocr.apiKey), "");
    assert.equal(names(off.resources, "Secret").length, 1);
    const on = await deploy({ ...cpu, auth: { enabled: true }, secrets: { apiKey: "mine" } });
    assert.equal(await promiseOf(on.ocr.apiKey), "mine");
    assert.equal(await pulumi.isSecret(on.ocr.apiKey), true);
    assert.equal(on.resources.filter(({ name }) => name.endsWith("generated-key")).length, 0);
    const generated = await deploy({ ...cpu, auth: { enabled: true } });
    assert.equal(generated.resources.filter(({ name }) => name.endsWith("generated-key")).length, 1);
  });

  it("says where the service is", async () => {
    const { ocr } = await deploy(gpu);
    assert.equal(await promiseOf(ocr.endpoint), "http://hel1-ai-deepseek-ocr");
    assert.equal(await promiseOf(ocr.healthUrl), "http://hel1-ai-deepseek-ocr/health");
    assert.equal(await promiseOf(ocr.gpus), "asleep 0, awake up to 2, during a rollout up to 3");
  });

  it("adds monitoring and HTTPS where asked for", async () => {
    const { resources, dependsOn } = await deploy({
      ...gpu,
      monitoring: { podMonitor: true, grafanaDashboard: true },
      tailscale: { ...gpu.tailscale, https: true },
    });
    assert.deepEqual(names(resources, "PodMonitor").length, 2);
    assert.ok(names(resources, "ConfigMap").includes("deepseek-ocr-dashboard"));
    assert.deepEqual(names(resources, "Ingress"), ["hel1-ai-deepseek-ocr-https"]);
    assert.deepEqual(dependsOn.get("ocr-service-https"), ["ocr-service-ray-service"]);
  });

  it("applies a transform to each kind of child", async () => {
    const seen: string[] = [];
    const mark =
      <T>(kind: string) =>
      (rendered: T) => {
        seen.push(kind);
        return rendered;
      };
    await deploy(
      {
        ...gpu,
        monitoring: { podMonitor: true, grafanaDashboard: true },
        tailscale: { ...gpu.tailscale, https: true },
      },
      {
        namespace: mark("namespace"),
        gpuOperator: mark("gpuOperator"),
        kuberayOperator: mark("kuberayOperator"),
        tailscaleOperator: mark("tailscaleOperator"),
        appConfigMap: mark("appConfigMap"),
        cacheClaim: mark("cacheClaim"),
        prefetchJob: mark("prefetchJob"),
        rayService: mark("rayService"),
        httpsIngress: mark("httpsIngress"),
        networkPolicy: mark("networkPolicy"),
        podMonitor: mark("podMonitor"),
        grafanaDashboard: mark("grafanaDashboard"),
      },
    );
    assert.equal(new Set(seen).size, 12);
  });

  it("creates what a transform returns", async () => {
    const { resources } = await deploy(cpu, {
      rayService: (service) => ({ ...service, spec: { ...service.spec, rayClusterDeletionDelaySeconds: 7 } }),
    });
    const service = resources.find(({ type }) => type.endsWith(":RayService"));
    const { spec } = (service?.inputs ?? {}) as { spec?: { rayClusterDeletionDelaySeconds: number } };
    assert.equal(spec?.rayClusterDeletionDelaySeconds, 7);
  });

  it("creates nothing from wrong arguments", async () => {
    let thrown: unknown;
    const resources = await record(() => {
      try {
        new DeepSeekOcr("ocr", { location: "Hel 1", scaling: { minReplicas: -1 } });
      } catch (error) {
        thrown = error;
      }
    });
    assert.ok(thrown instanceof ConfigError);
    assert.deepEqual(
      resources.filter(({ custom }) => custom),
      [],
    );
  });
});
