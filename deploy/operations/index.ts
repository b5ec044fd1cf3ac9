import { classify, ProblemError } from "../problems.ts";
import { countChanges } from "../pulumi/changes.ts";
import type { StackReport } from "../report/types.ts";
import { openSession, prepare, type Run } from "../session.ts";
import { appendHistory, lastGoodScore, readHistory } from "../state/history.ts";
import { deploy, identityNow, operation, proofRecord, reportOf } from "./deploy.ts";
import { promote } from "./promote.ts";
import { prove } from "./prove.ts";
import { rollbackCommand } from "./rollback.ts";
import { status } from "./status.ts";

/** Carries the command out at one location. It never throws: what goes wrong here must not stop another location. */
export async function carryOut(run: Run, stack: string): Promise<StackReport> {
  try {
    return await dispatch(run, stack);
  } catch (error) {
    const problem = run.interrupt.happened
      ? classify(new ProblemError("interrupted", "The run was interrupted.", "Run the same command again."))
      : classify(error);
    return { stack, problem };
  }
}

function dispatch(run: Run, stack: string): Promise<StackReport> {
  switch (run.args.command) {
    case "preview":
      return preview(run, stack);
    case "up":
      return deploy(run, stack, { kind: "up", workDir: run.workDir });
    case "smoke":
      return smokeCommand(run, stack);
    case "status":
      return status(run, stack);
    case "promote":
      return promote(run, stack, run.args.to ?? "");
    case "rollback":
      return rollbackCommand(run, stack);
    case "drift":
      return drift(run, stack);
    case "destroy":
      return destroy(run, stack);
  }
}

async function preview(run: Run, stack: string): Promise<StackReport> {
  const session = await openSession(run, stack, run.workDir, true);
  const done = await operation(session, "preview");
  const seconds = { preview: done.seconds };
  if (done.problem) return reportOf(stack, done, { seconds, problem: done.problem });
  if (!run.args.expectNoChanges || done.changes.length === 0) return reportOf(stack, done, { seconds });
  const what = `Nothing should change, and ${countChanges(done.changes)} would.`;
  return reportOf(stack, done, { seconds, problem: { kind: "drift", what, advice: "Deploy it, or undo the change." } });
}

async function smokeCommand(run: Run, stack: string): Promise<StackReport> {
  const session = await openSession(run, stack, run.workDir, false);
  const history = await readHistory(run.settings.state, stack);
  const { report, problem, seconds } = await prove(session, lastGoodScore(history));
  const identity = await identityNow(session);
  const record = {
    time: new Date().toISOString(),
    kind: "smoke" as const,
    outcome: problem ? ("failed" as const) : ("good" as const),
    identity,
    ...proofRecord(report),
  };
  await appendHistory(run.settings.state, stack, record);
  return { stack, ...report, identity, seconds, history: [...history, record], ...(problem ? { problem } : {}) };
}

async function drift(run: Run, stack: string): Promise<StackReport> {
  const session = await openSession(run, stack, run.workDir, false);
  const done = await operation(session, "drift");
  const seconds = { drift: done.seconds };
  if (done.problem || done.changes.length === 0) {
    return reportOf(stack, done, { seconds, ...(done.problem ? { problem: done.problem } : {}) });
  }
  const what = done.changes
    .map(
      ({ op, type, name, properties }) =>
        `${verbs[op] ?? op}: ${type} ${name}${properties.length > 0 ? ` (${properties.join(", ")})` : ""}`,
    )
    .join("\n");
  const advice = "`npm run deploy -- up` puts it back; where the change was meant, write it into the stack file first.";
  return reportOf(stack, done, { seconds, problem: { kind: "drift", what, advice } });
}

const verbs: Readonly<Record<string, string>> = { update: "changed", delete: "gone", create: "new" };

async function destroy(run: Run, stack: string): Promise<StackReport> {
  const session = await openSession(run, stack, run.workDir, false);
  const notes = await prepare(session);
  const done = await operation(session, "destroy");
  return reportOf(stack, done, {
    notes,
    seconds: { destroy: done.seconds },
    ...(done.problem ? { problem: done.problem } : {}),
  });
}
