import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { imageDigests } from "../cluster.ts";
import type { Identity } from "../identity.ts";
import { classify, type Problem } from "../problems.ts";
import { type Done, runOperation } from "../pulumi/operation.ts";
import type { StackReport } from "../report/types.ts";
import { deployedIdentity, interrupted, openSession, prepare, type Run, type Session } from "../session.ts";
import {
  type Checkpoint,
  dropCandidate,
  keepCheckpoint,
  listCheckpoints,
  takeCheckpoint,
} from "../state/checkpoint.ts";
import { appendHistory, type HistoryRecord, lastGoodScore, readHistory } from "../state/history.ts";
import { loadPages, type Proof, prove } from "./prove.ts";
import { rollBack } from "./rollback.ts";

export interface DeployOptions {
  readonly kind: "up" | "promote";
  /** Folder of the program; the repository's own for `up`. */
  readonly workDir: string;
  /** Looks at what is about to happen; a problem stops it before anything is touched. */
  readonly review?: (planned: Done) => Problem | undefined;
  /** Looks at what runs afterwards; a problem rolls it back. */
  readonly verify?: (identity: Identity) => Problem | undefined;
}

/** What a problem of the engine says about the service: these leave it as it was. */
const harmless = new Set<Problem["kind"]>([
  "interrupted",
  "concurrent-update",
  "passphrase",
  "no-backend",
  "cluster-unreachable",
]);

/**
 * Deploys a location and proves it: preview, update, smoke checks, golden pages. What fails after something was
 * touched is rolled back to the last good checkpoint.
 */
export async function deploy(run: Run, name: string, options: DeployOptions): Promise<StackReport> {
  if (run.args.smoke) await loadPages({ run });
  const session = await openSession(run, name, options.workDir, true);
  const { settings, args } = run;
  const history = await readHistory(settings.state, name);
  const notes = await prepare(session);
  const candidate = await takeCheckpoint(settings.state, name, options.workDir);
  try {
    const planned = await operation(session, "preview");
    const refused = planned.problem ?? options.review?.(planned);
    if (refused) return reportOf(name, planned, { notes, seconds: { preview: planned.seconds }, problem: refused });
    const done = await operation(session, "up");
    const seconds = { preview: planned.seconds, up: done.seconds };
    const stopped = done.problem && (harmless.has(done.problem.kind) || !done.touched) ? done.problem : undefined;
    if (stopped) return reportOf(name, done, { notes, seconds, problem: stopped });

    const proof = done.problem ? failedProof(done.problem) : await proveOrFail(session, lastGoodScore(history));
    const identity = await identityNow(session);
    const problem = proof.problem ?? options.verify?.(identity);
    if (problem?.kind === "interrupted") return reportOf(name, done, { ...proof.report, notes, seconds, problem });
    const record = await historyRecord(options.kind, run, proof, identity, done.seconds, problem);
    const report = (over: Partial<StackReport>) => ({
      ...reportOf(name, done, { ...proof.report, identity, seconds: { ...seconds, ...proof.seconds } }),
      ...over,
      notes: [...notes, ...(proof.report.notes ?? []), ...(over.notes ?? [])],
    });
    if (problem) {
      await appendHistory(settings.state, name, record);
      const undone = args.rollback ? await undo(run, name, candidate, problem) : { problem };
      return report({ ...undone, history: [...history, record] });
    }
    // What nobody checked is nothing to go back to.
    const kept = record.outcome === "good" ? await keepCheckpoint(candidate, settings.keepCheckpoints) : undefined;
    const good = { ...record, ...(kept ? { checkpoint: kept.id } : {}) };
    await appendHistory(settings.state, name, good);
    return report({ history: [...history, good] });
  } finally {
    await dropCandidate(candidate);
  }
}

/** Goes back to the last good checkpoint, unless that is just what failed. */
async function undo(run: Run, name: string, failed: Checkpoint, problem: Problem): Promise<Partial<StackReport>> {
  const good = (await listCheckpoints(run.settings.state, name)).at(-1);
  if (!good) {
    return { problem, notes: ["There is no earlier good deploy to go back to; this one was left as it is."] };
  }
  if (good.content === failed.content) {
    return { problem, notes: ["This is the last good deploy itself; there is nothing to go back to."] };
  }
  run.say(name, `going back to checkpoint ${good.id}: ${problem.what.split("\n")[0]}`);
  const { rollback, problem: rest } = await rollBack(run, name, good);
  if (rest?.kind === "interrupted") {
    const advice = `\`npm run deploy -- rollback --stack ${name}\` finishes it.`;
    return { problem: { ...rest, what: `${problem.what}\nGoing back was interrupted.`, advice } };
  }
  if (rest || !rollback) return { problem, ...(rollback ? { rollback } : {}) };
  return { rollback, problem: { ...problem, kind: "rolled-back", what: `${problem.kind}: ${problem.what}` } };
}

/** Runs an operation of the engine with the policy pack and shows its progress. */
export function operation(session: Session, kind: "preview" | "up" | "destroy" | "drift"): Promise<Done> {
  const { run, stack, say } = session;
  const checked = (kind === "preview" || kind === "up") && run.args.policy;
  say(`${kind}…`);
  return runOperation(stack, kind, {
    onLine: say,
    ...(checked ? { policyPacks: [join(run.workDir, "policy")] } : {}),
  });
}

async function proveOrFail(session: Session, lastScore: Parameters<typeof prove>[1]): Promise<Proof> {
  if (!session.run.args.smoke) return { report: {}, seconds: {} };
  if (session.run.interrupt.happened) return failedProof(interrupted().problem);
  return prove(session, lastScore).catch((error: unknown) => failedProof(classify(error)));
}

function failedProof(problem: Problem): Proof {
  return { report: {}, seconds: {}, problem };
}

export async function identityNow(session: Session): Promise<Identity> {
  const digests = await imageDigests(session.location);
  return { ...(await deployedIdentity(session)), ...(digests ? { digests } : {}) };
}

async function historyRecord(
  kind: HistoryRecord["kind"],
  run: Run,
  { report }: Proof,
  identity: Identity,
  upSeconds: number,
  problem: Problem | undefined,
): Promise<HistoryRecord> {
  const commit = await commitOf(run.workDir);
  return {
    time: new Date().toISOString(),
    kind,
    outcome: problem ? "failed" : report.smoke ? "good" : "unchecked",
    identity,
    upSeconds,
    ...proofRecord(report),
    ...(commit ? { commit } : {}),
  };
}

/** The figures of a proof that history keeps. */
export function proofRecord({ smoke, score, pagesPerSecond }: Proof["report"]): Partial<HistoryRecord> {
  return {
    ...(score ? { score } : {}),
    ...(pagesPerSecond ? { pagesPerSecond } : {}),
    ...(smoke?.wakeSeconds ? { wakeSeconds: smoke.wakeSeconds } : {}),
    ...(smoke ? { smokePassed: smoke.passed } : {}),
  };
}

/** The commit that is deployed, with `+` where files differ from it; nothing outside a git repository. */
async function commitOf(folder: string): Promise<string | undefined> {
  const git = async (...words: string[]) => (await promisify(execFile)("git", words, { cwd: folder })).stdout.trim();
  try {
    const [commit, changed] = await Promise.all([git("rev-parse", "--short=12", "HEAD"), git("status", "--porcelain")]);
    return changed ? `${commit}+` : commit;
  } catch {
    return undefined;
  }
}

export function reportOf(name: string, done: Done, over: Partial<StackReport>): StackReport {
  const { changes, same, warnings, violations } = done;
  return { stack: name, changes, same, warnings, violations, ...over };
}
