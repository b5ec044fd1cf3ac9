import { z } from "zod";
import { engineNames } from "../engines.ts";
import { versions } from "../versions.ts";
import { allEngines, enginesThat } from "./engineText.ts";
import { dnsLabel, freeForm, text } from "./values.ts";

export const location = dnsLabel
  .max(46)
  .describe("Name of this location, such as hel1. The service's name on the tailnet is LOCATION-ai-deepseek-ocr.");

export const engine = z.enum(engineNames).describe(`What reads the pages: ${allEngines()}.`);

export const app = freeForm.describe(
  "Settings of the application, laid over the defaults of serve-app/ocr_app/settings/. A change restarts the replicas one by one.",
);

export const namespace = z
  .strictObject({
    name: dnsLabel.max(63).describe("Namespace of the RayService and of everything that belongs to it."),
    create: z.boolean().describe("Create the namespace. Set it to false if the namespace exists."),
  })
  .describe("Namespace of the service.");

export const cluster = z
  .strictObject({
    context: text.exactOptional().describe("Context of the kubeconfig. Defaults to its current context."),
    kubeconfig: text
      .exactOptional()
      .describe(
        "Path of a kubeconfig file. Defaults to KUBECONFIG or ~/.kube/config. The secret `kubeconfig` takes precedence.",
      ),
    gpus: z
      .int()
      .min(0)
      .exactOptional()
      .describe(
        "GPUs that this service may use; with time-slicing, count the shares. If set, a rollout that needs more is refused.",
      ),
  })
  .describe("Kubernetes cluster of this location.");

export const images = z
  .strictObject({
    ray: text
      .exactOptional()
      .describe(
        `Image of the Ray workers, and of the head unless images.head names another. Required for ${enginesThat(({ image }) => !image)}: build serve-app/Dockerfile.`,
      ),
    head: text
      .exactOptional()
      .describe(
        `Image of the Ray head, which needs no CUDA: build serve-app/Dockerfile. Ray must have the workers' version exactly, Python their minor version (${versions.rayLlmImage}: Ray ${versions.ray}, Python ${versions.python}). If set, all Ray pods get RAY_DEFAULT_PYTHON_VERSION_MATCH_LEVEL=minor, because Ray compares Python's patch version too. Defaults to the image of the workers.`,
      ),
    prefetch: text
      .exactOptional()
      .describe(
        "Image of the Job that fills the model cache. It needs Python with huggingface_hub. Defaults to the image of the workers.",
      ),
    pullPolicy: z.enum(["IfNotPresent", "Always", "Never"]).describe("When nodes pull the images."),
    pullSecrets: z
      .array(dnsLabel)
      .describe("Image pull Secrets that exist in the namespace. The secret `registryDockerConfig` adds one."),
  })
  .describe("Container images of the service. Set the operators' images in their `values`.");
