import { join } from "node:path";
import { findCreated, imageDigests } from "../cluster.ts";
import { deployedIdentity } from "../deployed.ts";
import type { Identity } from "../identity.ts";
import { type Done, type Operation, runOperation } from "../pulumi/operation.ts";
import { settlePending } from "../pulumi/pending.ts";
import type { StackReport } from "../report/types.ts";
import type { Session } from "../session.ts";
import type { HistoryRecord } from "../state/history.ts";
import type { Proof } from "./proof.ts";

/**
 * Makes a stack ready for a change: removes the lock if --unlock was given, and settles what an earlier run left half
 * done.
 *
 * @returns what was settled, a line for each.
 */
export async function prepare({ run, stack, location, say }: Session): Promise<string[]> {
  if (run.args.unlock) {
    await stack.cancel();
    say("the lock was removed");
  }
  const notes = await settlePending(stack, run.command, findCreated(location));
  for (const note of notes) say(note);
  return notes;
}

/**
 * Runs an operation of the engine and shows its progress.
 *
 * @param policy whether previews and updates apply the policy pack; as the command line says unless given.
 */
export function operation(session: Session, kind: Operation, policy = session.run.args.policy): Promise<Done> {
  const { run, stack, say } = session;
  say(`${kind}…`);
  const policyPacks = policy ? [join(run.workDir, "policy")] : [];
  return runOperation(stack, kind, { onLine: say, policyPacks });
}

/** The report of an operation, with what the caller adds to it. */
export function reportOf(name: string, done: Done, over: Partial<StackReport>): StackReport {
  const { changes, same, warnings, violations, problem } = done;
  return { stack: name, changes, same, warnings, violations, problem, ...over };
}

/** What runs now, by the state and, if the cluster can be reached, by the images of its pods. */
export async function identityNow(session: Session): Promise<Identity> {
  const digests = await imageDigests(session.location);
  return { ...(await deployedIdentity(session)), digests };
}

/** What history keeps of a proof: the outcome and the figures. */
export function proofRecord({ report, problem }: Proof): Pick<HistoryRecord, "outcome"> & Partial<HistoryRecord> {
  const { smoke, score, pagesPerSecond } = report;
  return {
    outcome: problem ? "failed" : smoke ? "good" : "unchecked",
    score,
    pagesPerSecond,
    wakeSeconds: smoke?.wakeSeconds,
    smokePassed: smoke?.passed,
  };
}
