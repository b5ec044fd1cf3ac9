import { countChanges } from "../pulumi/changes.ts";
import type { StackReport } from "../report/types.ts";
import type { Session } from "../session.ts";
import { operation, reportOf } from "./steps.ts";

/** `preview`: shows what would change. */
export async function preview(session: Session): Promise<StackReport> {
  const { run, name } = session;
  const done = await operation(session, "preview");
  const seconds = { preview: done.seconds };
  const unexpected = !done.problem && run.args.expectNoChanges && done.changes.length > 0;
  if (!unexpected) return reportOf(name, done, { seconds });
  const what = `Nothing should change, but this would: ${countChanges(done.changes)}.`;
  const problem = { kind: "drift" as const, what, advice: "Deploy it, or undo the change." };
  return reportOf(name, done, { seconds, problem });
}
