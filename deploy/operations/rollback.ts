import { classify, type Problem, ProblemError } from "../problems.ts";
import type { Rollback, StackReport } from "../report/types.ts";
import { openSession, prepare, type Run } from "../session.ts";
import { type Checkpoint, listCheckpoints, restore } from "../state/checkpoint.ts";
import { appendHistory, readHistory, runningCheckpoint } from "../state/history.ts";
import { identityNow, operation, proofRecord } from "./deploy.ts";
import { type Proof, prove } from "./prove.ts";

export interface RolledBack {
  readonly rollback?: Rollback;
  /** Why it did not work out. */
  readonly problem?: Problem;
  readonly report?: Partial<StackReport>;
}

/** Deploys a checkpoint again and checks that it serves. */
export async function rollBack(run: Run, name: string, checkpoint: Checkpoint): Promise<RolledBack> {
  const restored = await restore(checkpoint, name, run.workDir);
  try {
    const session = await openSession(run, name, restored.workDir, false);
    await prepare(session);
    // Without the policy pack: a rule that came later must not stand between a broken service and one that worked.
    const done = await operation({ ...session, run: { ...run, args: { ...run.args, policy: false } } }, "up");
    if (done.problem) return failed(checkpoint, done.problem);
    const proof: Proof = run.args.smoke
      ? await prove(session, undefined).catch((error: unknown) => ({
          report: {},
          seconds: {},
          problem: classify(error),
        }))
      : { report: {}, seconds: {} };
    await appendHistory(run.settings.state, name, {
      time: new Date().toISOString(),
      kind: "rollback",
      outcome: proof.problem ? "failed" : proof.report.smoke ? "good" : "unchecked",
      checkpoint: checkpoint.id,
      identity: await identityNow(session),
      upSeconds: done.seconds,
      ...proofRecord(proof.report),
    });
    const report = { ...proof.report, changes: done.changes, same: done.same };
    if (proof.problem) return { ...failed(checkpoint, proof.problem), report };
    const checked = proof.report.smoke ? "It answers, and its checks passed." : "Nothing was checked, as asked.";
    return {
      report,
      rollback: { checkpoint: checkpoint.id, result: "restored", detail: `${checked} ${done.seconds.toFixed(0)} s.` },
    };
  } finally {
    await restored.dispose();
  }
}

function failed(checkpoint: Checkpoint, problem: Problem): RolledBack {
  return { problem, rollback: { checkpoint: checkpoint.id, result: "failed", detail: problem.what } };
}

/** `rollback`: to the named checkpoint, else to the newest that is not running now. */
export async function rollbackCommand(run: Run, name: string): Promise<StackReport> {
  const checkpoints = await listCheckpoints(run.settings.state, name);
  const history = await readHistory(run.settings.state, name);
  const known = checkpoints.map(({ id }) => id).join(", ") || "none";
  const wanted = run.args.checkpoint;
  const running = runningCheckpoint(history);
  const target = wanted
    ? checkpoints.find(({ id }) => id === wanted)
    : checkpoints.findLast(({ id }) => id !== running);
  if (!target) {
    const what = wanted
      ? `There is no checkpoint ${wanted} of ${name}; there are ${known}.`
      : `There is no earlier good deploy of ${name} to go back to.`;
    throw new ProblemError("usage", what, "`npm run deploy -- status` lists checkpoints.");
  }
  const { rollback, problem, report = {} } = await rollBack(run, name, target);
  return { stack: name, ...report, ...(rollback ? { rollback } : {}), ...(problem ? { problem } : {}) };
}
