import type { Change } from "../pulumi/changes.ts";
import type { StackReport } from "../report/types.ts";
import type { Session } from "../session.ts";
import { operation, reportOf } from "./steps.ts";

/** `drift`: shows where the cluster differs from the state. */
export async function drift(session: Session): Promise<StackReport> {
  const { name } = session;
  const done = await operation(session, "drift");
  const seconds = { drift: done.seconds };
  if (done.problem || done.changes.length === 0) return reportOf(name, done, { seconds });
  const what = done.changes.map(difference).join("\n");
  const advice =
    "`npm run deploy -- up` restores what the stack file says. To keep a change, write it into the stack file first.";
  return reportOf(name, done, { seconds, problem: { kind: "drift", what, advice } });
}

const verbs: Readonly<Record<string, string>> = { update: "changed", delete: "gone", create: "new" };

function difference({ op, type, name, properties }: Change): string {
  const where = properties.length > 0 ? ` (${properties.join(", ")})` : "";
  return `${verbs[op] ?? op}: ${type} ${name}${where}`;
}
