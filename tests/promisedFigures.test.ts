import assert from "node:assert/strict";
import { resolveSettings } from "../components/config/resolve.ts";
import { readAppSources } from "../components/sources.ts";
import { renderAppConfigMaps } from "../components/specs/appConfigMaps.ts";
import { renderCacheClaim } from "../components/specs/modelCache.ts";
import { renderEndpoints } from "../components/specs/outputs.ts";
import { renderRayService } from "../components/specs/rayService.ts";
import { renderServeConfig } from "../components/specs/serveConfig.ts";
import { gpuInput } from "./helpers/settings.ts";

/** What the project promises, each figure once, as a deploy with nothing but a location renders it. */
describe("the promised figures", () => {
  const { settings, app: application } = resolveSettings(gpuInput);
  const sources = readAppSources();
  const app = renderAppConfigMaps(sources, settings);
  const service = renderRayService(settings, {
    app,
    sources,
    registrySecret: false,
    redisSecret: false,
    packageIndexSecret: false,
  });
  const cluster = service.spec.rayClusterConfig;
  const head = cluster.headGroupSpec.template.spec.containers[0];
  const workers = cluster.workerGroupSpecs[0];
  const worker = workers?.template.spec;
  const serve = renderServeConfig(settings);
  const engine = serve.applications[0]?.deployments.find(({ name }) => name === "Engine");
  const scaling = engine?.autoscaling_config;
  const endpoints = renderEndpoints(settings, application.model_id, "hel1-ai-deepseek-ocr");
  const vllm = application.vllm as unknown as Record<string, unknown>;

  const figures: readonly [promise: string, actual: unknown, expected: unknown][] = [
    ["the service is named deepseek-ocr", service.metadata.name, "deepseek-ocr"],
    ["it lives in the namespace ai", service.metadata.namespace, "ai"],
    ["it sleeps at 0 replicas", scaling?.min_replicas, 0],
    ["it grows to 2 replicas", scaling?.max_replicas, 2],
    ["it adds a replica after 30 s", scaling?.upscale_delay_s, 30],
    ["it takes one away after 300 s", scaling?.downscale_delay_s, 300],
    ["it falls asleep after 300 s", scaling?.downscale_to_zero_delay_s, 300],
    ["it aims at one request for each replica", scaling?.target_ongoing_requests, 1],
    ["each replica has one GPU", engine?.ray_actor_options.num_gpus, 1],
    ["each worker pod has one GPU", worker?.containers[0]?.resources.limits["nvidia.com/gpu"], "1"],
    ["the head has 2 to 4 CPUs", [head?.resources.requests.cpu, head?.resources.limits.cpu], ["2", "4"]],
    ["the head has 8 to 16 Gi", [head?.resources.requests.memory, head?.resources.limits.memory], ["8Gi", "16Gi"]],
    [
      "a worker has 4 to 8 CPUs",
      [worker?.containers[0]?.resources.requests.cpu, worker?.containers[0]?.resources.limits.cpu],
      ["4", "8"],
    ],
    [
      "a worker has 24 to 32 Gi",
      [worker?.containers[0]?.resources.requests.memory, worker?.containers[0]?.resources.limits.memory],
      ["24Gi", "32Gi"],
    ],
    ["the dashboard has port 8265", head?.ports?.find(({ name }) => name === "dashboard")?.containerPort, 8265],
    ["there are at most 2 worker pods", workers?.maxReplicas, 2],
    ["the head has no GPU", head?.resources.limits["nvidia.com/gpu"], undefined],
    ["the head runs no Ray tasks", cluster.headGroupSpec.rayStartParams["num-cpus"], "0"],
    [
      "/dev/shm has 8 Gi",
      worker?.volumes.find(({ name }) => name === "dshm")?.emptyDir,
      { medium: "Memory", sizeLimit: "8Gi" },
    ],
    ["the model cache has 30 Gi", renderCacheClaim(settings)?.spec.resources.requests.storage, "30Gi"],
    ["Serve listens on port 8000", serve.http_options.port, 8000],
    ["the tailnet sees port 80", service.spec.serveService.spec.ports[0]?.port, 80],
    [
      "the tailnet name follows the location",
      service.spec.serveService.metadata.annotations?.["tailscale.com/hostname"],
      "hel1-ai-deepseek-ocr",
    ],
    ["it is Tailscale that publishes it", service.spec.serveService.spec.loadBalancerClass, "tailscale"],
    ["OpenAI clients use /v1", endpoints.openaiBaseUrl, "http://hel1-ai-deepseek-ocr/v1"],
    [
      "pods of the cluster reach the head's Service",
      endpoints.inClusterUrl,
      "http://deepseek-ocr-head-svc.ai.svc.cluster.local:8000",
    ],
    ["the model id is deepseek-ocr", endpoints.modelId, "deepseek-ocr"],
    ["the model is DeepSeek-OCR", vllm.model, "deepseek-ai/DeepSeek-OCR"],
    ["its context is 8192 tokens", vllm.max_model_len, 8_192],
    ["it computes in bfloat16", vllm.dtype, "bfloat16"],
    [
      "the n-gram guard is 30 in 90",
      [vllm.guard].map((guard) => {
        const { ngram_size, window_size } = guard as Record<string, unknown>;
        return [ngram_size, window_size];
      })[0],
      [30, 90],
    ],
    ["Ray is the version of the image", cluster.rayVersion, "2.60.0"],
    ["the image is Ray's own with vLLM", head?.image, "rayproject/ray-llm:2.60.0-py312-cu130"],
    ["Ray asks for a token", cluster.authOptions.mode, "token"],
    ["the autoscaler is v2", cluster.autoscalerOptions.version, "v2"],
    ["a rollout starts warm", scaling?.initial_replicas, 1],
  ];
  for (const [promise, actual, expected] of figures) {
    it(promise, () => assert.deepEqual(actual, expected));
  }
});
