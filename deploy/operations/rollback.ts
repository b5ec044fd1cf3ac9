import { ProblemError } from "../problems.ts";
import type { StackReport } from "../report/types.ts";
import type { Target } from "../session.ts";
import type { Checkpoint } from "../state/checkpoint.ts";
import { runningCheckpoint } from "../state/history.ts";
import { redeploy } from "./redeploy.ts";

/** `rollback`: goes back to the named checkpoint, else to the newest that is not running now. */
export async function rollback(target: Target): Promise<StackReport> {
  const checkpoint = chosenCheckpoint(target);
  const { rollback, problem, report } = await redeploy(target, checkpoint);
  return { stack: target.name, ...report, rollback, problem };
}

function chosenCheckpoint({ run, name, past: { history, checkpoints } }: Target): Checkpoint {
  const wanted = run.args.checkpoint;
  const running = runningCheckpoint(history);
  const chosen = wanted
    ? checkpoints.find(({ id }) => id === wanted)
    : checkpoints.findLast(({ id }) => id !== running);
  if (chosen) return chosen;
  const known = checkpoints.map(({ id }) => id).join(", ") || "none";
  const what = wanted
    ? `There is no checkpoint ${wanted} of ${name}; there are ${known}.`
    : `There is no earlier good deploy of ${name} to go back to.`;
  throw new ProblemError("usage", what, "`npm run deploy -- status` lists checkpoints.");
}
