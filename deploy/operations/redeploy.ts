import type { Problem } from "../problems.ts";
import type { Rollback, StackReport } from "../report/types.ts";
import { openSession, type Target } from "../session.ts";
import { type Checkpoint, restore } from "../state/checkpoint.ts";
import { appendHistory } from "../state/history.ts";
import { proveDeployed } from "./prove.ts";
import { identityNow, operation, prepare, proofRecord } from "./steps.ts";

export interface Redeployed {
  readonly rollback: Rollback;
  /** Why it failed. */
  readonly problem?: Problem | undefined;
  readonly report?: Partial<StackReport> | undefined;
}

/** Deploys a checkpoint again and proves that it works. */
export async function redeploy(target: Target, checkpoint: Checkpoint): Promise<Redeployed> {
  const { run, name } = target;
  const restored = await restore(checkpoint, name, run.workDir);
  try {
    const session = await openSession(target, restored.workDir, false);
    await prepare(session);
    // Without the policy pack: a newer rule must not block going back from a broken service to one that worked.
    const done = await operation(session, "up", false);
    if (done.problem) return failed(checkpoint, done.problem);
    const proof = await proveDeployed(session, undefined);
    await appendHistory(run.settings.state, name, {
      time: new Date().toISOString(),
      kind: "rollback",
      checkpoint: checkpoint.id,
      identity: await identityNow(session),
      upSeconds: done.seconds,
      ...proofRecord(proof),
    });
    const report = { ...proof.report, changes: done.changes, same: done.same };
    if (proof.problem) return { ...failed(checkpoint, proof.problem), report };
    const checked = proof.report.smoke ? "It answers, and its checks passed." : "It was not checked (--no-smoke).";
    const detail = `${checked} ${done.seconds.toFixed(0)} s.`;
    return { report, rollback: { checkpoint: checkpoint.id, result: "restored", detail } };
  } finally {
    await restored.dispose();
  }
}

/** A checkpoint that could not be deployed again, and why. */
export function failed(checkpoint: Checkpoint, problem: Problem): Redeployed {
  return { problem, rollback: { checkpoint: checkpoint.id, result: "failed", detail: problem.what } };
}
