import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import type { DeepSeekOcrArgs } from "../../components/index.ts";
import type { KubeApi } from "../../components/kube/client.ts";
import type { PodTemplate } from "../../components/specs/kubernetes.ts";
import type { RayServiceSpec } from "../../components/specs/rayTypes.ts";
import { findCluster, until } from "./support/cluster.ts";
import { collection, type Manifest, objectsOf } from "./support/objects.ts";

const NAMESPACE = `ocr-test-${randomBytes(4).toString("hex")}`;
const APPLY = { method: "PATCH", contentType: "application/apply-patch+yaml" } as const;
const existing = { mode: "existing" };

/** Locations that between them render every object and every branch. */
const locations: Readonly<Record<string, DeepSeekOcrArgs>> = {
  "GPUs with everything on": {
    location: "test",
    namespace: { name: NAMESPACE },
    auth: { enabled: true },
    gpuOperator: existing,
    kuberay: existing,
    tailscale: { mode: "existing", https: true },
    gcsFaultTolerance: { enabled: true, redisAddress: "redis:6379" },
    rayService: { priorityClassName: "system-cluster-critical" },
    worker: { nodeSelector: { pool: "gpu" } },
    network: { clientNamespaces: [{ team: "a" }], clientCidrs: ["10.0.0.0/8"] },
    monitoring: { podMonitor: true, grafanaDashboard: true, labels: { release: "prometheus" } },
    images: { head: "ocr-cpu:1" },
    pdfLibraries: { install: "required" },
    secrets: {
      packageIndex: "https://me:pw@pypi.example/simple",
      huggingFaceToken: "hf",
      redisPassword: "pw",
      registryDockerConfig: '{"auths":{}}',
    },
  },
  "a CPU engine and nothing else": {
    location: "test",
    engine: "cpu",
    exposure: "none",
    images: { ray: "ocr-cpu:1" },
    worker: { gpus: 0 },
    namespace: { name: NAMESPACE },
    kuberay: existing,
  },
};

describe("objects of the stack on a real API server", () => {
  let api: KubeApi;

  before(async function () {
    const found = await findCluster();
    if (typeof found === "string") {
      console.log(`  ${found}`);
      this.skip();
    }
    api = found;
    const objects = await objectsOf(locations["GPUs with everything on"] as DeepSeekOcrArgs);
    const namespace = objects.find(({ kind }) => kind === "Namespace");
    assert.ok(namespace);
    await apply(namespace);
  });

  after(async () => {
    if (api) await api.text(`/api/v1/namespaces/${NAMESPACE}`, { method: "DELETE" });
  });

  for (const [what, args] of Object.entries(locations)) {
    it(`takes every object by strict dry run: ${what}`, async () => {
      const objects = await objectsOf(args);
      assert.ok(objects.some(({ kind }) => kind === "RayService"));
      for (const object of objects) {
        if (await isKnown(object)) await dryRun(object);
        else
          console.log(`      ${object.kind} ${object.metadata.name} skipped: the cluster has no ${object.apiVersion}`);
      }
    });
  }

  it("is checked strictly: a misspelled field is refused", async () => {
    const objects = await objectsOf(locations["a CPU engine and nothing else"] as DeepSeekOcrArgs);
    const service = objects.find(({ kind }) => kind === "RayService") as Manifest;
    const misspelled = { ...service, spec: { ...(service.spec as object), serveConfig: "x" } };
    await assert.rejects(dryRun(misspelled), /serveConfig/);
  });

  it("lets the pods into a namespace that refuses every privilege", async () => {
    for (const args of Object.values(locations)) {
      for (const object of await objectsOf(args)) {
        for (const [name, { metadata, spec }] of templates(object)) {
          // A priority class of the system is for its own namespaces; the test only wanted the field.
          const { priorityClassName: _, ...podSpec } = spec;
          const pod = { ...metadata, name: `pod-${name}`, namespace: NAMESPACE };
          await dryRun({ apiVersion: "v1", kind: "Pod", metadata: pod, spec: { ...podSpec } });
        }
      }
    }
  });

  it("keeps code, Secrets and policies as they were sent", async () => {
    const kinds = ["ConfigMap", "Secret", "NetworkPolicy"];
    const objects = (await objectsOf(locations["GPUs with everything on"] as DeepSeekOcrArgs)).filter(({ kind }) =>
      kinds.includes(kind),
    );
    assert.equal(new Set(objects.map(({ kind }) => kind)).size, kinds.length);
    for (const object of objects) {
      const live = await apply(object);
      if (object.data) assert.deepEqual(live.data, object.data);
      if (object.kind === "NetworkPolicy") assert.deepEqual(live.spec, object.spec);
      for (const [key, value] of Object.entries((object.stringData ?? {}) as Record<string, string>)) {
        assert.equal(Buffer.from((live.data as Record<string, string>)[key] ?? "", "base64").toString(), value);
      }
    }
  });

  it("refuses a change of code under the same name", async () => {
    const objects = await objectsOf(locations["GPUs with everything on"] as DeepSeekOcrArgs);
    const app = objects.find(({ metadata }) => metadata.name.startsWith("deepseek-ocr-app-")) as Manifest;
    await apply(app);
    await assert.rejects(apply({ ...app, data: { "ocr_app.app.py": "changed" } }), /immutable/);
  });

  it("binds the model cache to a volume", async function () {
    const classes = await api.json<{
      items: { metadata: { annotations?: Record<string, string> }; volumeBindingMode?: string }[];
    }>("/apis/storage.k8s.io/v1/storageclasses");
    const standard = classes.items.find(
      ({ metadata }) => metadata.annotations?.["storageclass.kubernetes.io/is-default-class"] === "true",
    );
    if (standard?.volumeBindingMode !== "Immediate") {
      console.log("      skipped: the default StorageClass binds only when a pod asks, or there is none");
      this.skip();
    }
    const objects = await objectsOf(locations["GPUs with everything on"] as DeepSeekOcrArgs);
    const claim = objects.find(({ kind }) => kind === "PersistentVolumeClaim") as Manifest;
    await apply(claim);
    await until("the claim is bound", 60, async () => {
      const live = await api.json<{ status?: { phase?: string } }>(`${collection(claim)}/${claim.metadata.name}`);
      return live.status?.phase === "Bound";
    });
  });

  async function isKnown({ apiVersion }: Manifest): Promise<boolean> {
    return !apiVersion.includes("/") || (await api.find(`/apis/${apiVersion}`)) !== undefined;
  }

  async function dryRun(object: Manifest): Promise<void> {
    const path = `${collection(object)}?dryRun=All&fieldValidation=Strict`;
    try {
      await api.text(path, { method: "POST", body: object });
    } catch (error) {
      // The namespace, and what other tests have put into it, is there already; strict reading comes before that.
      if (!/already exists/.test(String(error))) throw error;
    }
  }

  async function apply(object: Manifest): Promise<Manifest> {
    const path = `${collection(object)}/${object.metadata.name}?fieldManager=ocr-tests&force=true&fieldValidation=Strict`;
    return await api.json<Manifest>(path, { ...APPLY, rawBody: JSON.stringify(object) });
  }
});

/** The pod templates inside an object, by a name for each. */
function templates({ kind, spec }: Manifest): [string, PodTemplate][] {
  if (kind === "Job") return [["job", (spec as { template: PodTemplate }).template]];
  if (kind !== "RayService") return [];
  const { headGroupSpec, workerGroupSpecs } = (spec as RayServiceSpec).rayClusterConfig;
  return [
    ["head", headGroupSpec.template],
    ...workerGroupSpecs.map(({ groupName, template }): [string, PodTemplate] => [groupName, template]),
  ];
}
