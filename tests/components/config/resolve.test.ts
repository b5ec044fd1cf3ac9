import assert from "node:assert/strict";
import fc from "fast-check";
import { defaults } from "../../../components/config/defaults.ts";
import { ConfigError, type ConfigProblem } from "../../../components/config/errors.ts";
import { resolveSettings } from "../../../components/config/resolve.ts";
import type { SecretName } from "../../../components/config/secrets.ts";
import type { SettingsInput } from "../../../components/config/settings.ts";
import { cpuInput, gpuInput } from "../../helpers/settings.ts";

function problemsOf(input: SettingsInput, given: readonly SecretName[] = []): readonly ConfigProblem[] {
  try {
    resolveSettings(input, new Set(given));
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    return error.problems;
  }
  return [];
}

describe("config/resolve", () => {
  it("fills every default in", () => {
    const { settings } = resolveSettings({ location: "hel1", tailscale: { mode: "existing" } });
    const { location, ...rest } = settings;
    assert.equal(location, "hel1");
    assert.deepEqual(rest, { ...defaults, tailscale: { ...defaults.tailscale, mode: "existing" } });
  });

  it("needs a location", () => {
    assert.deepEqual(
      problemsOf({ exposure: "none" }).map(({ key, seen }) => [key, seen]),
      [["location", "nothing"]],
    );
  });

  const cases: readonly [what: string, input: SettingsInput, key: string, fix: RegExp][] = [
    ["a location that is no DNS label", { location: "Hel_1" }, "location", /lower-case/],
    ["a location that is too long", { location: "x".repeat(60) }, "location", /46/],
    ["an unknown section", { wrokers: 1 }, "wrokers", /no such setting/],
    ["an unknown key", { scaling: { maxReplica: 2 } }, "scaling.maxReplica", /no such setting/],
    ["text for a number", { scaling: { maxReplicas: "2" } }, "scaling.maxReplicas", /number/],
    ["an unknown engine", { engine: "gpu" }, "engine", /vllm/],
    ["a quantity that is none", { worker: { memory: "lots" } }, "worker.memory", /24Gi/],
    ["an unknown app setting", { app: { limits: { pages: 1 } } }, "app.limits.pages", /no such setting/],
    ["an app setting out of bounds", { app: { limits: { max_images: 0 } } }, "app.limits.max_images", />= 1/],
    ["the engine set twice", { app: { engine: "cpu" } }, "app.engine", /set `engine`/],
    ["a GPU for the CPU engine", { ...cpuInput, worker: { gpus: 1 } }, "worker.gpus", /engine cpu needs 0/],
    ["no GPU for vLLM", { worker: { gpus: 0 } }, "worker.gpus", /engine vllm needs 1/],
    ["no image for the CPU engine", { ...cpuInput, images: {} }, "images.ray", /Dockerfile/],
    ["an index that is no URL", { pdfLibraries: { index: "pypi.example" } }, "pdfLibraries.index", /https URL/],
    [
      "a package index with a login in plain text",
      { pdfLibraries: { index: "https://me:pa55@pypi.example/simple" } },
      "pdfLibraries.index",
      /--secret packageIndex/,
    ],
    ["min above max", { scaling: { minReplicas: 3 } }, "scaling.minReplicas", /maxReplicas \(2\)/],
    ["initial above max", { scaling: { initialReplicas: 3 } }, "scaling.initialReplicas", /between/],
    [
      "reports as rare as their window",
      { scaling: { metricsIntervalSeconds: 30 } },
      "scaling.lookBackPeriodSeconds",
      /longer/,
    ],
    [
      "a replica that cannot batch",
      { serve: { engineMaxOngoingRequests: 1 } },
      "serve.engineMaxOngoingRequests",
      /exceed/,
    ],
    ["a front smaller than its queue", { serve: { apiMaxOngoingRequests: 256 } }, "serve.apiMaxOngoingRequests", /256/],
    [
      "a shutdown shorter than a page",
      { serve: { gracefulShutdownSeconds: 600 } },
      "serve.gracefulShutdownSeconds",
      /600 s/,
    ],
    [
      "an old cluster gone too early",
      { rayService: { clusterDeletionDelaySeconds: 60 } },
      "rayService.clusterDeletionDelaySeconds",
      /660 s/,
    ],
    [
      "a deploy that gives up first",
      { rayService: { deployTimeoutSeconds: 2_400 } },
      "rayService.deployTimeoutSeconds",
      /2400 s/,
    ],
    ["a CPU request above its limit", { head: { cpu: "1" } }, "head.cpuRequest", /head.cpu \(1\)/],
    ["a replica larger than its worker", { serve: { engineCpus: 9 } }, "serve.engineCpus", /worker.cpu \(8\)/],
    ["a memory request above its limit", { head: { memory: "4Gi" } }, "head.memoryRequest", /head.memory \(4Gi\)/],
    [
      "memory that /dev/shm uses up",
      { worker: { memory: "11Gi", memoryRequest: "11Gi" } },
      "worker.memory",
      /8Gi.*4 GiB/,
    ],
    ["more replicas than GPUs", { cluster: { gpus: 1 } }, "scaling.maxReplicas", /only 1/],
    [
      "a rollout without a second GPU",
      { cluster: { gpus: 1 }, scaling: { maxReplicas: 1 } },
      "rayService.upgradeStrategy",
      /needs 2 GPUs.*None/,
    ],
    [
      "shares too small for the engine",
      { gpuOperator: { timeSlicingReplicas: 2 } },
      "app.vllm.gpu_memory_utilization",
      /at most 0.45/,
    ],
    [
      "time-slicing of somebody's operator",
      { gpuOperator: { mode: "existing", timeSlicingReplicas: 2 } },
      "gpuOperator.timeSlicingReplicas",
      /existing/,
    ],
    [
      "Redis without an address",
      { gcsFaultTolerance: { enabled: true } },
      "gcsFaultTolerance.redisAddress",
      /host:port/,
    ],
    ["two parts in one namespace", { kuberay: { namespace: "ai" } }, "kuberay.namespace", /namespace.name/],
    ["HTTPS without a tailnet", { exposure: "none", tailscale: { https: true } }, "tailscale.https", /exposure/],
    [
      "an HTTPS name that is too long",
      { location: "x".repeat(46), tailscale: { mode: "existing", https: true } },
      "location",
      /by 5 char/,
    ],
    ["an operator without a client", { tailscale: {} }, "tailscale.oauthClientId", /createOauthClient/],
    [
      "a client for somebody's operator",
      { tailscale: { mode: "existing", createOauthClient: true } },
      "tailscale.mode",
      /own OAuth/,
    ],
  ];
  for (const [what, input, key, fix] of cases) {
    it(`refuses ${what}`, () => {
      const problems = problemsOf({ ...gpuInput, ...input });
      const found = problems.find((problem) => problem.key === key);
      assert.ok(found, `no problem at ${key}: ${JSON.stringify(problems)}`);
      assert.match(found.fix, fix);
      assert.ok(found.seen.length > 0);
    });
  }

  it("refuses to fill an emptyDir beforehand, or to rely on it", () => {
    const keys = problemsOf({ ...gpuInput, cache: { type: "emptyDir" } }).map(({ key }) => key);
    assert.deepEqual(keys, ["model.prefetch", "model.offline"]);
  });

  it("takes one source of the model's token", () => {
    const input = { ...gpuInput, model: { tokenSecretName: "hf" } };
    assert.deepEqual(problemsOf(input), []);
    assert.deepEqual(
      problemsOf(input, ["huggingFaceToken"]).map(({ key }) => key),
      ["model.tokenSecretName"],
    );
  });

  it("takes one package index, and never shows the login in its URL", () => {
    const input = { ...gpuInput, pdfLibraries: { index: "http://devpi.tools.svc:3141/root/pypi" } };
    assert.deepEqual(problemsOf(input), []);
    assert.deepEqual(
      problemsOf(input, ["packageIndex"]).map(({ key }) => key),
      ["pdfLibraries.index"],
    );
    const secret = { ...gpuInput, pdfLibraries: { index: "https://me:pa55@pypi.example/simple" } };
    assert.equal(JSON.stringify(problemsOf(secret)).includes("pa55"), false);
  });

  it("reports problems of every kind together, each once", () => {
    const problems = problemsOf({
      location: "Hel_1",
      scaling: { maxReplicas: "2" },
      wrokers: {},
      worker: { memory: "9Gi", memoryRequest: "9Gi" },
      app: { limits: { max_images: 0 } },
    });
    const keys = problems.map(({ key }) => key);
    assert.deepEqual(keys, [
      "location",
      "scaling.maxReplicas",
      "wrokers",
      "app.limits.max_images",
      "worker.memory",
      "tailscale.oauthClientId",
      "tailscaleOauthClientSecret",
    ]);
    assert.equal(new Set(keys).size, keys.length);
  });

  it("says how many problems there are, and nothing of Pulumi's stack", () => {
    assert.throws(
      () => resolveSettings({ exposure: "none" }),
      (error: Error) => /^The configuration has 1 problem; nothing was created\.\n {2}location: /.test(error.message),
    );
  });

  it("either accepts any mixture of replica counts or names one of them", () => {
    const count = fc.integer({ min: -1, max: 5 });
    fc.assert(
      fc.property(count, count, count, (minReplicas, initialReplicas, maxReplicas) => {
        const keys = problemsOf({ ...gpuInput, scaling: { minReplicas, initialReplicas, maxReplicas } }).map(
          ({ key }) => key,
        );
        const sound =
          minReplicas >= 0 && maxReplicas >= 1 && minReplicas <= initialReplicas && initialReplicas <= maxReplicas;
        assert.equal(keys.length === 0, sound);
        assert.ok(keys.every((key) => key.startsWith("scaling.")));
      }),
    );
  });

  it("never throws anything but its own error, whatever it is given", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...Object.keys(defaults), "location", "x"), fc.jsonValue()),
        (input) => {
          problemsOf(input);
        },
      ),
      { numRuns: 200 },
    );
  });
});
