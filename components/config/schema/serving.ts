import { z } from "zod";
import { seconds } from "./values.ts";

export const scaling = z
  .strictObject({
    minReplicas: z
      .int()
      .min(0)
      .describe("Smallest number of engine replicas. 0 releases the GPUs while no requests come in."),
    maxReplicas: z.int().min(1).describe("Largest number of engine replicas, one GPU each."),
    initialReplicas: z
      .int()
      .min(0)
      .describe(
        "Replicas that a deploy starts with. With 1, a deploy proves that the engine starts, and no client waits for a cold engine after a rollout. With 0, a deploy needs no GPU.",
      ),
    targetOngoingRequests: z
      .number()
      .positive()
      .describe("Requests per replica, running and queued, that the autoscaler aims for."),
    upscaleDelaySeconds: seconds.describe(
      "How long load must last before another replica is added. Waking from 0 does not wait for it.",
    ),
    downscaleDelaySeconds: seconds.describe("Idle time before a replica is removed."),
    downscaleToZeroDelaySeconds: seconds.describe(
      "Idle time before the last replica is removed. Averaging adds about lookBackPeriodSeconds.",
    ),
    lookBackPeriodSeconds: seconds.describe(
      "Period over which load is averaged. Must be longer than metricsIntervalSeconds.",
    ),
    metricsIntervalSeconds: seconds.describe(
      "How often load is reported. A sleeping engine learns of a request after this time at the latest.",
    ),
  })
  .describe("Autoscaling of the engine. A change is applied in place.");

export const serve = z
  .strictObject({
    keepAliveTimeoutSeconds: seconds.describe("How long an idle client connection stays open."),
    gracefulShutdownSeconds: seconds.describe(
      "Time that a replica gets to finish its pages before it is stopped. Must be longer than the longest page (app.queue.request_timeout_s).",
    ),
    engineMaxOngoingRequests: z
      .int()
      .min(1)
      .describe(
        "Requests that one engine replica works on at the same time; what does not fit into its KV cache waits in vLLM. Must be more than scaling.targetOngoingRequests, because vLLM batches.",
      ),
    engineCpus: z
      .number()
      .positive("must be greater than 0, so that no engine runs on the head")
      .describe("CPUs that Ray reserves for one engine replica, in its worker."),
    apiMaxOngoingRequests: z
      .int()
      .min(1)
      .describe(
        "Requests that the front holds at the same time, including waiting ones and health checks. Must be more than app.queue.max_in_flight.",
      ),
  })
  .describe("Ray Serve. A change is applied in place.");
