import type { KubeApi } from "./client.ts";
import { serveReasons } from "./diagnose/application.ts";
import { diagnose, type Reason, type Snapshot } from "./diagnose/index.ts";
import type { Pod } from "./objects.ts";
import { observe, type Subject } from "./observe.ts";
import { isNewest, type Progress, progress } from "./progress.ts";
import { type ServeApplication, serveApplications } from "./serveStatus.ts";
import { type Clock, failure, LastingReasons, realClock, without } from "./waiting.ts";

export { type Clock, ServiceFailed } from "./waiting.ts";

export interface WaitOptions {
  readonly timeoutSeconds: number;
  /** Called with one line whenever what is waited for changes. */
  readonly report?: (line: string) => void;
  readonly pollSeconds?: number;
  /** How long KubeRay's own status must say RUNNING if Serve itself cannot be reached. */
  readonly settleSeconds?: number;
  readonly clock?: Clock;
}

const POLL_SECONDS = 1;
/** KubeRay queries Serve every 2 s; three rounds show a change that was sent. */
const SETTLE_SECONDS = 8;

/**
 * Waits until the newest generation of a RayService serves. Fails with {@link ServiceFailed} and the diagnosis when it
 * cannot succeed any more or the time is up. An older generation that still answers is left alone either way.
 */
export async function waitForService(api: KubeApi, subject: Subject, options: WaitOptions): Promise<void> {
  const clock = options.clock ?? realClock;
  const started = clock.now();
  const lasting = new LastingReasons();
  let reported = "";
  let settledSince: number | undefined;
  let earlier: readonly Reason[] = [];
  for (;;) {
    const snapshot = await observe(api, subject);
    const serve = await askServe(api, snapshot);
    const where = standing(snapshot, serve);
    const now = clock.now();
    if (where.done) return;
    settledSince = where.settling ? (settledSince ?? now) : undefined;
    if (settledSince !== undefined && now - settledSince >= (options.settleSeconds ?? SETTLE_SECONDS) * 1_000) return;

    const reasons = allReasons(snapshot, serve);
    const hopeless = lasting.update(reasons, now);
    if (hopeless !== undefined) {
      // Once KubeRay gives up it deletes the pods, and with them the reasons that they gave.
      const others = hopeless.key === "initializing-timeout" ? earlier : without(reasons, hopeless);
      throw failure(`${subject.name} cannot start.`, [hopeless, ...others]);
    }
    if (reasons.length > 0) earlier = reasons;
    if (now - started >= options.timeoutSeconds * 1_000) {
      throw failure(
        `${subject.name} is not up after ${options.timeoutSeconds} s, still waiting for ${where.waitingFor}.`,
        reasons,
      );
    }
    const line = [`waiting for ${where.waitingFor}`, ...reasons.slice(0, 1).map((reason) => reason.text)].join(": ");
    if (line !== reported) options.report?.(line);
    reported = line;
    await clock.sleep((options.pollSeconds ?? POLL_SECONDS) * 1_000);
  }
}

function standing(snapshot: Snapshot, serve: Readonly<Record<string, ServeApplication>> | undefined): Progress {
  if (snapshot.rayService === undefined) return { done: false, waitingFor: "the RayService to be created" };
  return progress(snapshot.rayService, serve);
}

/** Serve's answer from the running head of the cluster that is to serve. */
async function askServe(api: KubeApi, snapshot: Snapshot) {
  const head = snapshot.pods.find(isServingHead);
  if (snapshot.rayService === undefined || head === undefined) return undefined;
  return await serveApplications(api, snapshot.rayService, head);
}

function isServingHead(pod: Pod): boolean {
  return (
    pod.metadata.labels?.["ray.io/node-type"] === "head" &&
    pod.metadata.deletionTimestamp === undefined &&
    pod.status?.phase === "Running"
  );
}

/**
 * Serve's own status of a failed application is newer than KubeRay's copy of it. Either counts only once it is about
 * the newest configuration: else the fix of a failed configuration would be judged by the earlier failure.
 */
function allReasons(snapshot: Snapshot, serve: Readonly<Record<string, ServeApplication>> | undefined): Reason[] {
  const reasons = diagnose(snapshot);
  const service = snapshot.rayService;
  if (service === undefined) return reasons;
  const others = reasons.filter(({ key }) => !key.startsWith("serve:"));
  if (serve !== undefined) {
    return [...(isNewest(service, serve) ? serveReasons(serve) : []), ...others].sort((a, b) => a.rank - b.rank);
  }
  return (service.status?.observedGeneration ?? 0) < (service.metadata.generation ?? 1) ? others : reasons;
}
