import type { KubeApi } from "./client.ts";
import { diagnose } from "./diagnose/index.ts";
import { observe } from "./observe.ts";
import { type Clock, failure, LastingReasons, realClock } from "./waiting.ts";

export interface JobWaitOptions {
  readonly namespace: string;
  readonly job: string;
  /** Claims that its pods mount. */
  readonly claims: readonly string[];
  readonly timeoutSeconds: number;
  /** Called with one line whenever the Job's state changes. */
  readonly report?: (line: string) => void;
  readonly clock?: Clock;
}

const POLL_MILLISECONDS = 2_000;

/** Waits until a Job has succeeded. Fails with the last log lines of its pods when it failed, or cannot start. */
export async function waitForJob(api: KubeApi, options: JobWaitOptions): Promise<void> {
  const { namespace, job, claims, clock = realClock } = options;
  const deadline = clock.now() + options.timeoutSeconds * 1_000;
  const lasting = new LastingReasons();
  let reported = "";
  for (;;) {
    const snapshot = await observe(api, { namespace, name: job, jobs: [job], claims });
    if ((snapshot.jobs[0]?.status?.succeeded ?? 0) > 0) return;
    const reasons = diagnose(snapshot);
    if (lasting.update(reasons, clock.now()) !== undefined) throw failure(`The Job ${job} cannot succeed.`, reasons);
    if (clock.now() > deadline) {
      const nothing = "Its pods look healthy; it may need more time (model.prefetchTimeoutSeconds).";
      throw failure(`The Job ${job} has not succeeded after ${options.timeoutSeconds} s.`, reasons, nothing);
    }
    const line = [reasons[0]?.text ?? `waiting for the Job ${job}`, ...(reasons[0]?.lastWords?.slice(-1) ?? [])].join(
      " ",
    );
    if (line !== reported) options.report?.(line);
    reported = line;
    await clock.sleep(POLL_MILLISECONDS);
  }
}
