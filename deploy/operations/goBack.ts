import { classify, type Problem } from "../problems.ts";
import type { StackReport } from "../report/types.ts";
import type { Session } from "../session.ts";
import type { Checkpoint } from "../state/checkpoint.ts";
import { failed, redeploy } from "./redeploy.ts";

/** The result of going back: the problem that remains, and the rollback if there was one. */
export interface Undone extends Pick<StackReport, "problem" | "rollback"> {
  readonly notes: readonly string[];
}

/**
 * Undoes a deploy that failed: goes back to the last good checkpoint, unless that is just what failed.
 *
 * @param deployed what was deployed.
 * @param problem why that failed.
 */
export async function goBack(session: Session, deployed: Checkpoint, problem: Problem): Promise<Undone> {
  const { name, past, say } = session;
  const good = past.checkpoints.at(-1);
  if (!good) return { problem, notes: ["There is no earlier good deploy to go back to; this one was left as it is."] };
  if (good.content === deployed.content)
    return { problem, notes: ["This is the last good deploy itself; there is nothing else to go back to."] };
  say(`going back to checkpoint ${good.id}: ${problem.what.split("\n")[0]}`);
  // Whatever stops the rollback, the report still says why it was needed.
  const { rollback, problem: rest } = await redeploy(session, good).catch((error) => failed(good, classify(error)));
  if (rest?.kind === "interrupted") {
    const advice = `Run \`npm run deploy -- rollback --stack ${name}\` to finish it.`;
    return { problem: { ...rest, what: `${problem.what}\nGoing back was interrupted.`, advice }, notes: [] };
  }
  if (rest) return { problem, rollback, notes: [] };
  return {
    problem: { ...problem, kind: "rolled-back", what: `${problem.kind}: ${problem.what}` },
    rollback,
    notes: [],
  };
}
