import { deepEqual, equal, throws } from "node:assert/strict";
import { readLocation } from "../../deploy/location.ts";
import { ProblemError } from "../../deploy/problems.ts";

const config = (values: Readonly<Record<string, string>>, secrets: readonly string[] = []) =>
  Object.fromEntries(
    Object.entries(values).map(([key, value]) => [`deepseek-ocr:${key}`, { value, secret: secrets.includes(key) }]),
  );

const gpu = { location: "hel1", tailscale: '{"oauthClientId":"k1"}', tailscaleOauthClientSecret: "s" };

describe("readLocation", () => {
  it("reads a GPU location as the CLI tells it, objects as JSON", () => {
    const values = { ...gpu, cluster: '{"context":"hel"}', namespace: '{"name":"ocr"}', kubeconfig: "apiVersion: v1" };
    const location = readLocation(config(values, ["tailscaleOauthClientSecret", "kubeconfig"]));
    equal(location.namespace, "ocr");
    deepEqual(location.connection, { kubeconfigContent: "apiVersion: v1", context: "hel" });
    deepEqual(location.gpus, { most: 2, least: 0 });
    equal(location.model?.name, "deepseek-ai/DeepSeek-OCR");
    equal(location.pageTimeoutSeconds > 1_000, true);
  });

  it("knows that a CPU engine needs no GPU and names no model", () => {
    const cpu = { location: "kind", engine: "cpu", exposure: "none", worker: '{"gpus":0}', images: '{"ray":"a/b:1"}' };
    const location = readLocation(config({ ...cpu, serve: '{"engineMaxOngoingRequests":4}' }));
    deepEqual(location.gpus, { most: 0, least: 0 });
    equal(location.model, undefined);
  });

  it("tells every problem of a configuration at once", () => {
    throws(
      () =>
        readLocation(
          config({ ...gpu, scaling: '{"maxReplicas":0,"minReplicas":3}', location: "[x" }, [
            "tailscaleOauthClientSecret",
          ]),
        ),
      (error: unknown) => {
        if (!(error instanceof ProblemError)) return false;
        equal(error.problem.kind, "configuration");
        return error.problem.what.includes("location") && error.problem.what.includes("scaling");
      },
    );
  });
});
