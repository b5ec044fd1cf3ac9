import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Identity } from "../identity.ts";
import type { Problem } from "../problems.ts";
import type { StackReport } from "../report/types.ts";
import type { Session } from "../session.ts";
import { type Checkpoint, keepCheckpoint } from "../state/checkpoint.ts";
import { appendHistory, type HistoryRecord } from "../state/history.ts";
import { goBack, type Undone } from "./goBack.ts";
import type { Proof } from "./proof.ts";
import { identityNow, proofRecord } from "./steps.ts";

/** A deploy that was applied and proved. */
interface Proved {
  readonly kind: "up" | "promote";
  /** Judges what runs now; a problem rolls it back. */
  readonly verify?: ((identity: Identity) => Problem | undefined) | undefined;
  /** What was deployed. */
  readonly candidate: Checkpoint;
  readonly proof: Proof;
  readonly upSeconds: number;
}

type Settled = Undone & Pick<StackReport, "identity" | "history">;

/**
 * The last part of a deploy: what is good becomes a checkpoint, what is not is rolled back. Either is recorded first, so
 * that history says what happened even if the rollback is cut off.
 */
export async function settle(
  session: Session,
  { kind, verify, candidate, proof, upSeconds }: Proved,
): Promise<Settled> {
  const { run, name, past } = session;
  const identity = await identityNow(session);
  const problem = proof.problem ?? verify?.(identity);
  const found = proofRecord({ ...proof, problem });
  // Only what was checked is something to go back to.
  const kept = found.outcome === "good" ? await keepCheckpoint(candidate, run.settings.keepCheckpoints) : undefined;
  const record: HistoryRecord = {
    time: new Date().toISOString(),
    kind,
    identity,
    upSeconds,
    ...found,
    commit: await commitOf(run.workDir),
    checkpoint: kept?.id,
  };
  await appendHistory(run.settings.state, name, record);
  const undone = problem && run.args.rollback ? await goBack(session, candidate, problem) : { problem, notes: [] };
  return { ...undone, identity, history: [...past.history, record] };
}

/** The commit that is deployed, with `+` if files differ from it; undefined outside a git repository. */
async function commitOf(folder: string): Promise<string | undefined> {
  const git = async (...words: string[]) => (await promisify(execFile)("git", words, { cwd: folder })).stdout.trim();
  try {
    const [commit, changed] = await Promise.all([git("rev-parse", "--short=12", "HEAD"), git("status", "--porcelain")]);
    return changed ? `${commit}+` : commit;
  } catch {
    return undefined;
  }
}
