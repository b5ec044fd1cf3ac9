import { engineFacts, hasModel, usesGpu } from "../engines.ts";
import { modelSettings } from "../model.ts";
import { problem, type Rule, rule } from "./rule.ts";

/** Above this share of a GPU, vLLM finds less free memory than it asks for and refuses to start. */
const GPU_MEMORY_SHARE = 0.9;

/** Rules of the engine, its GPU and its model. */
export const engineRules: readonly Rule[] = [
  rule(["engine", "images"], function engineHasAnImage({ engine, images }) {
    if (images.ray ?? engineFacts(engine).image) return;
    const fix = `engine ${engine} has no public image: build serve-app/Dockerfile and name the image here`;
    return problem("images.ray", images.ray, fix);
  }),
  rule(["engine", "worker"], function engineHasItsGpu({ engine, worker }) {
    const { gpus } = engineFacts(engine);
    return worker.gpus === gpus ? undefined : problem("worker.gpus", worker.gpus, `engine ${engine} needs ${gpus}`);
  }),
  rule(["engine", "gpuOperator", "app"], function sharesOfAGpuHoldTheirEngine({ engine, gpuOperator, app }) {
    const { timeSlicingReplicas: shares, mode } = gpuOperator;
    if (!usesGpu(engine) || shares === 1) return;
    if (mode === "existing") {
      return problem("gpuOperator.timeSlicingReplicas", shares, "an existing operator is not changed: leave it at 1");
    }
    const share = modelSettings(engine, app)?.gpu_memory_utilization ?? 0;
    if (share * shares <= GPU_MEMORY_SHARE) return;
    const most = Math.floor((GPU_MEMORY_SHARE / shares) * 100) / 100;
    const fix = `${shares} pods share each GPU without memory isolation: set it to at most ${most}`;
    return problem(`app.${engineFacts(engine).modelSection}.gpu_memory_utilization`, share, fix);
  }),
  rule(["engine", "model", "cache"], function prefetchHasACache({ engine, model, cache }) {
    if (!hasModel(engine) || cache.type !== "emptyDir") return;
    return [
      ...(model.prefetch
        ? [problem("model.prefetch", true, "an emptyDir cannot be filled beforehand: set it to false")]
        : []),
      ...(model.offline ? [problem("model.offline", true, "an emptyDir starts empty: set it to false")] : []),
    ];
  }),
  rule(["model", "secrets"], function oneSourceOfTheModelToken({ model, secrets }) {
    if (!model.tokenSecretName || !secrets.has("huggingFaceToken")) return;
    return problem("model.tokenSecretName", model.tokenSecretName, "remove it or the secret huggingFaceToken");
  }),
];
