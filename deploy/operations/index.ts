import type { Command } from "../args.ts";
import { classify } from "../problems.ts";
import type { StackReport } from "../report/types.ts";
import type { Run } from "../run.ts";
import { interrupted, openSession, type Session, type Target } from "../session.ts";
import { readPast } from "../state/past.ts";
import { deploy } from "./deploy.ts";
import { destroy } from "./destroy.ts";
import { drift } from "./drift.ts";
import { preview } from "./preview.ts";
import { promote } from "./promote.ts";
import { rollback } from "./rollback.ts";
import { smoke } from "./smoke.ts";
import { status } from "./status.ts";

type Handler = (target: Target) => Promise<StackReport>;

/** What each command does at one location. */
const handlers: Readonly<Record<Command, Handler>> = {
  preview: opened(preview, { create: true }),
  up: opened((session) => deploy(session, { kind: "up", workDir: session.run.workDir }), { create: true }),
  smoke: opened(smoke),
  status: opened(status),
  drift: opened(drift),
  destroy: opened(destroy),
  // These two deploy a checkpoint, so they open the stack in its folder.
  promote,
  rollback,
};

/** An operation on the stack as the repository describes it. */
function opened(handle: (session: Session) => Promise<StackReport>, { create } = { create: false }): Handler {
  return async (target) => handle(await openSession(target, target.run.workDir, create));
}

/**
 * Carries the run's command out at one location. It never throws: what goes wrong here must not stop other locations.
 */
export async function carryOut(run: Run, stack: string): Promise<StackReport> {
  try {
    const past = await readPast(run.settings.state, stack);
    return await handlers[run.args.command]({ run, name: stack, past, say: (line) => run.say(stack, line) });
  } catch (error) {
    return { stack, problem: classify(run.interrupt.happened ? interrupted() : error) };
  }
}
