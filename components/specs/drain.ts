import type { Settings } from "../config/settings.ts";
import type { Lifecycle } from "./kubernetes.ts";

/** Ray publishes its gauges every 10 s; a worker is idle when two looks that far apart agree. */
const LOOK_SECONDS = 6;

/** Pages that replicas of this pod work on, and requests that its proxy holds; 0 where Ray does not answer any more. */
const BUSY =
  "wget -qO- -T 2 http://127.0.0.1:8080/metrics | " +
  "awk '/^ray_serve_(replica_processing_queries|num_ongoing_http_requests)[{]/ {n += $NF} END {print n + 0}'";

/**
 * Lets a worker that is told to go finish its pages first. Ray, as the first process of its container, never hears the
 * SIGTERM: without this an idle worker would hold its GPU, and a destroy, for the whole grace period.
 */
export const drainLifecycle: Lifecycle = {
  preStop: {
    exec: {
      command: [
        "/bin/bash",
        "-c",
        `idle=0; while [ "$idle" -lt 2 ]; do if [ "$(${BUSY})" = 0 ]; then idle=$((idle + 1)); else idle=0; fi; ` +
          `[ "$idle" -ge 2 ] || sleep ${LOOK_SECONDS}; done; ray stop`,
      ],
    },
  },
};

/** Time between a worker's SIGTERM and its end: its pages, and Ray's own end after them. */
export function workerGraceSeconds({ gracefulShutdownSeconds }: Settings["serve"]): number {
  return Math.ceil(gracefulShutdownSeconds) + 30;
}

/**
 * Time of the head. A rollout never ends it with pages under way (rayService.clusterDeletionDelaySeconds), and the
 * autoscaler beside it, which ignores SIGTERM, always takes all of it.
 */
export const HEAD_GRACE_SECONDS = 30;
