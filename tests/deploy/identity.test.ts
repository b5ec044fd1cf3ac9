import { deepEqual } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { objectPath } from "../../deploy/cluster.ts";
import { differences, identityOf } from "../../deploy/identity.ts";
import { configDifferences } from "../../deploy/operations/promote.ts";
import { pendingCreates } from "../../deploy/pulumi/pending.ts";
import { rayService } from "../policy/resources.ts";

describe("identityOf", () => {
  const app = { type: "kubernetes:core/v1:ConfigMap", inputs: { metadata: { name: "deepseek-ocr-app-1a2b3c4d" } } };
  const other = { type: "kubernetes:core/v1:ConfigMap", inputs: { metadata: { name: "deepseek-ocr-dashboard" } } };
  const ray = { type: "kubernetes:ray.io/v1:RayService", inputs: rayService().props };

  it("reads application, images and model from what is registered", () => {
    deepEqual(identityOf([other, app, ray], { name: "deepseek-ai/DeepSeek-OCR", revision: "9f30" }), {
      app: "1a2b3c4d",
      images: ["rayproject/ray-llm:2.60.0-py312-cu130"],
      model: "deepseek-ai/DeepSeek-OCR@9f30",
    });
  });

  it("is empty where nothing is deployed", () =>
    deepEqual(identityOf([]), { app: undefined, images: [], model: undefined }));
});

describe("differences", () => {
  const one = { app: "1", images: ["a:1"], model: "m@1", digests: ["sha256:1"] };

  it("are named", () => {
    deepEqual(differences(one, { app: "2", images: ["a:2"], model: "m@2", digests: ["sha256:2"] }), [
      "application: 2 instead of 1",
      "images: a:2 instead of a:1",
      "model: m@2 instead of m@1",
      "image digests: sha256:2 instead of sha256:1",
    ]);
    deepEqual(differences(one, one), []);
  });

  it("are not claimed of digests that one side does not know", () => {
    deepEqual(differences(one, { app: "1", images: ["a:1"], model: "m@1" }), []);
  });
});

describe("configDifferences", () => {
  it("shows each setting that differs, and no secret", () => {
    const dev = "config:\n  o:location: dev\n  o:worker: { memory: 24Gi, gpus: 1 }\n  o:apiKey: { secure: v1:aaa }\n";
    const prod = "config:\n  o:location: hel1\n  o:worker: { memory: 48Gi, gpus: 1 }\n  o:auth: { enabled: true }\n";
    deepEqual(configDifferences(dev, prod, "dev", "prod"), [
      "config o:apiKey: a secret at dev, default at prod",
      "config o:auth.enabled: default at dev, true at prod",
      'config o:location: "dev" at dev, "hel1" at prod',
      'config o:worker.memory: "24Gi" at dev, "48Gi" at prod',
    ]);
    deepEqual(configDifferences(dev, dev, "dev", "dev2"), ["The configurations do not differ."]);
  });

  it("reads the repository's own stack files", () => {
    const file = (name: string) => readFileSync(new URL(`../../Pulumi.${name}.yaml`, import.meta.url), "utf8");
    deepEqual(
      configDifferences(file("dev"), file("prod"), "dev", "prod").some((line) => line.includes("location")),
      true,
    );
  });
});

describe("objectPath", () => {
  const pending = (type: string, inputs: object) => ({ urn: "u", type, inputs: inputs as Record<string, unknown> });

  it("finds where an object would be, and Pulumi's id of it", () => {
    const metadata = { name: "deepseek-ocr", namespace: "ai" };
    deepEqual(objectPath(pending("kubernetes:ray.io/v1:RayService", { metadata })), {
      path: "/apis/ray.io/v1/namespaces/ai/rayservices/deepseek-ocr",
      id: "ai/deepseek-ocr",
    });
    deepEqual(objectPath(pending("kubernetes:core/v1:Namespace", { metadata: { name: "ai" } })), {
      path: "/api/v1/namespaces/ai",
      id: "ai",
    });
    deepEqual(
      objectPath(pending("kubernetes:networking.k8s.io/v1:NetworkPolicy", { metadata }))?.path,
      "/apis/networking.k8s.io/v1/namespaces/ai/networkpolicies/deepseek-ocr",
    );
  });

  it("knows nothing of other providers and of names that Kubernetes chooses", () => {
    deepEqual(objectPath(pending("random:index/randomPassword:RandomPassword", {})), undefined);
    deepEqual(objectPath(pending("kubernetes:core/v1:Secret", { metadata: {} })), undefined);
  });
});

describe("pendingCreates", () => {
  it("are the creations that were cut off; the engine settles the rest", () => {
    const resource = { urn: "urn:a", type: "t", inputs: { a: 1 } };
    const operations = [
      { type: "creating", resource },
      { type: "updating", resource },
    ];
    deepEqual(pendingCreates({ pending_operations: operations }), [resource]);
    deepEqual(pendingCreates({}), []);
  });
});
