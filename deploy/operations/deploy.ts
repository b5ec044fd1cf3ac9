import type { Identity } from "../identity.ts";
import type { Problem } from "../problems.ts";
import type { Done } from "../pulumi/operation.ts";
import type { StackReport } from "../report/types.ts";
import type { Session } from "../session.ts";
import { dropCandidate, takeCheckpoint } from "../state/checkpoint.ts";
import { lastGoodScore } from "../state/history.ts";
import { apply } from "./apply.ts";
import { plan } from "./plan.ts";
import { unproved } from "./proof.ts";
import { proveDeployed } from "./prove.ts";
import { settle } from "./settle.ts";
import { reportOf } from "./steps.ts";

export interface DeployOptions {
  readonly kind: "up" | "promote";
  /** Folder of the program; the repository's own for `up`. */
  readonly workDir: string;
  /** Judges what is about to happen; a problem stops the deploy before anything is touched. */
  readonly review?: (planned: Done) => Problem | undefined;
  /** Judges what runs afterwards; a problem rolls it back. */
  readonly verify?: (identity: Identity) => Problem | undefined;
}

/**
 * Deploys a location and proves that it works: plan, apply, prove, settle. What fails after something was touched is
 * rolled back to the last good checkpoint.
 */
export async function deploy(session: Session, options: DeployOptions): Promise<StackReport> {
  const { name, run, past } = session;
  const candidate = await takeCheckpoint(run.settings.state, name, options.workDir);
  try {
    const planned = await plan(session, options.review);
    const { notes } = planned;
    if (planned.problem) return reportOf(name, planned, { notes, seconds: { preview: planned.seconds } });

    const applied = await apply(session);
    const seconds = { preview: planned.seconds, up: applied.seconds };
    if (applied.stopped) return reportOf(name, applied, { notes, seconds, problem: applied.stopped });

    // An update that failed half-way has failed its proof.
    const proof = applied.problem
      ? unproved(applied.problem)
      : await proveDeployed(session, lastGoodScore(past.history));
    if (proof.problem?.kind === "interrupted")
      return reportOf(name, applied, { notes, seconds, problem: proof.problem });

    const settled = await settle(session, { ...options, candidate, proof, upSeconds: applied.seconds });
    return reportOf(name, applied, {
      ...proof.report,
      ...settled,
      seconds: { ...seconds, ...proof.seconds },
      notes: [...notes, ...(proof.report.notes ?? []), ...settled.notes],
    });
  } finally {
    await dropCandidate(candidate);
  }
}
