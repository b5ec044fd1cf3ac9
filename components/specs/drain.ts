import type { Settings } from "../config/settings.ts";
import type { Lifecycle } from "./kubernetes.ts";

/** How often Ray publishes its gauges (`metrics_report_interval_ms`): a page may run this long before one shows it. */
const GAUGE_SECONDS = 10;
/** A worker is idle when two looks agree that have a new value of the gauges between them. */
const LOOK_SECONDS = GAUGE_SECONDS + 1;

/** Pages that replicas of this pod work on, and requests that its proxy holds; 0 where Ray no longer answers. */
const BUSY =
  "wget -qO- -T 2 http://127.0.0.1:8080/metrics | " +
  "awk '/^ray_serve_(replica_processing_queries|num_ongoing_http_requests)[{]/ {n += $NF} END {print n + 0}'";

/**
 * Lets a worker that is being stopped finish its pages first. Ray, as the first process of its container, ignores the
 * SIGTERM: without this an idle worker would hold its GPU, and delay a destroy, for the whole grace period.
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

/** Seconds that a worker gets after its SIGTERM: for its pages, and for Ray to stop after them. */
export function workerGraceSeconds({ gracefulShutdownSeconds }: Settings["serve"]): number {
  return Math.ceil(gracefulShutdownSeconds) + 30;
}

/**
 * Seconds that the head gets. A rollout never stops it while pages are read (rayService.clusterDeletionDelaySeconds),
 * and the autoscaler beside it, which ignores SIGTERM, always uses all of them.
 */
export const HEAD_GRACE_SECONDS = 30;
