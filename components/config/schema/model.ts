import { z } from "zod";
import { enginesThat } from "./engineText.ts";
import { dnsLabel, quantity, text } from "./values.ts";

const users = enginesThat(({ modelSection }) => modelSection !== undefined);

export const model = z
  .strictObject({
    tokenSecretName: dnsLabel
      .exactOptional()
      .describe(
        "Existing Secret with key `token`, instead of the secret `huggingFaceToken`. The default model needs neither.",
      ),
    endpoint: text.exactOptional().describe("Mirror of Hugging Face (HF_ENDPOINT), for closed networks."),
    prefetch: z
      .boolean()
      .describe(
        "Fill the cache by a Job before the service starts. Needs a cache that outlives a pod: `pvc` or `hostPath`.",
      ),
    prefetchTimeoutSeconds: z.int().min(60).describe("Longest time for that Job."),
    offline: z
      .boolean()
      .describe(
        "Engines read only the cache and never the network. Needs `prefetch`, or a cache that is already filled.",
      ),
  })
  .describe(`Access to the model, used by ${users} only. Set the model and its revision in \`app.vllm\`.`);

export const cache = z
  .strictObject({
    type: z
      .enum(["pvc", "hostPath", "emptyDir"])
      .describe(
        "`pvc` is shared by all workers and kept; `hostPath` is kept on each node; `emptyDir` is filled again at every wake-up.",
      ),
    size: quantity.describe("Size of the cache."),
    storageClass: text.exactOptional().describe("StorageClass of the PVC. Defaults to the cluster's default class."),
    accessMode: z
      .enum(["ReadWriteMany", "ReadWriteOnce"])
      .describe("Access mode of the PVC. Workers on several nodes need ReadWriteMany."),
    existingClaim: dnsLabel
      .exactOptional()
      .describe("Existing PVC in the namespace to use instead of a new one. `pulumi destroy` does not delete it."),
    hostPath: z
      .string()
      .startsWith("/", "give an absolute path")
      .describe("Directory on the node, with type `hostPath`. It must be writable by uid 1000."),
  })
  .describe(`Where the model and compiled kernels are kept, used by ${users} only.`);
