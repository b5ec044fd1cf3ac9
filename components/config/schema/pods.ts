import { z } from "zod";
import { enginesThat } from "./engineText.ts";
import { quantity, stringMap, text } from "./values.ts";

/** A Kubernetes toleration, as in a pod spec. */
export const toleration = z
  .strictObject({
    key: text.exactOptional().describe("Key of the taint. Without it, every key matches."),
    operator: z
      .enum(["Exists", "Equal"])
      .exactOptional()
      .describe("`Equal` compares the taint's value with `value`; `Exists` accepts any value."),
    value: z.string().exactOptional().describe("Value of the taint, with operator `Equal`."),
    effect: z
      .enum(["NoSchedule", "PreferNoSchedule", "NoExecute"])
      .exactOptional()
      .describe("Effect of the taint. Without it, every effect matches."),
  })
  .describe("A taint of nodes that pods tolerate, as in a Kubernetes pod spec.");

const pod = {
  cpu: quantity.describe("CPU limit of the pod."),
  cpuRequest: quantity.describe("CPU request of the pod, at most `cpu`."),
  memory: quantity.describe("Memory limit of the pod; /dev/shm counts against it."),
  memoryRequest: quantity.describe("Memory request of the pod, at most `memory`."),
  nodeSelector: stringMap.describe("Labels that a node must have."),
  tolerations: z.array(toleration).describe("Taints that the pod tolerates."),
};

export const head = z
  .strictObject(pod)
  .describe(
    "Pod of the Ray head. It runs the front and the controller, never an engine. A change starts a second cluster.",
  );

export const worker = z
  .strictObject({
    ...pod,
    gpus: z
      .int()
      .min(0)
      .max(1, "an engine replica uses one GPU; scale with scaling.maxReplicas")
      .describe(`GPUs of one worker pod: 1, or 0 for ${enginesThat(({ gpus }) => gpus === 0)}.`),
    sharedMemory: quantity.describe("Size of /dev/shm."),
    runtimeClassName: text
      .exactOptional()
      .describe("RuntimeClass, such as `nvidia`, if the cluster needs one to reach the GPU."),
    idleTimeoutSeconds: z.int().min(1).describe("Time after which a worker pod without replicas is removed."),
    spreadOver: text.describe("Node label over which several workers are spread, if the nodes allow it."),
  })
  .describe("Pods of the Ray workers, one engine replica each. A change starts a second cluster.");

export const rayService = z
  .strictObject({
    upgradeStrategy: z
      .enum(["NewCluster", "None"])
      .describe(
        "`NewCluster` starts a second cluster beside the first and switches when it is ready. `None` leaves a running cluster as it is: changed pods take effect when the RayService is deleted.",
      ),
    initializingTimeoutSeconds: z
      .int()
      .min(60)
      .describe(
        "Time that a new cluster gets to become ready (node, image, model, engine). After it KubeRay gives up for good, and the next `pulumi up` replaces the RayService.",
      ),
    deployTimeoutSeconds: z
      .int()
      .min(60)
      .describe("Longest time that `pulumi up` waits for the service. Must be longer than initializingTimeoutSeconds."),
    clusterDeletionDelaySeconds: z
      .int()
      .min(0)
      .describe("How long the old cluster stays after a switch, for the requests that it still serves."),
    priorityClassName: text.exactOptional().describe("PriorityClass of head and workers."),
    podSecurity: z
      .boolean()
      .describe("Run as a non-root user without privileges. Set it to false only for images that need root."),
  })
  .describe("The RayService.");

export const gcsFaultTolerance = z
  .strictObject({
    enabled: z
      .boolean()
      .describe("Keep the head's state in your own Redis, so that the service survives the loss of its head."),
    redisAddress: text
      .exactOptional()
      .describe("Address of that Redis, such as redis.ai.svc:6379. The secret `redisPassword` is its password."),
  })
  .describe("Fault tolerance of the head.");
