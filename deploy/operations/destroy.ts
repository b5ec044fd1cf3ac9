import type { StackReport } from "../report/types.ts";
import type { Session } from "../session.ts";
import { operation, prepare, reportOf } from "./steps.ts";

/** `destroy`: removes everything that the stack made. */
export async function destroy(session: Session): Promise<StackReport> {
  const notes = await prepare(session);
  const done = await operation(session, "destroy");
  return reportOf(session.name, done, { notes, seconds: { destroy: done.seconds } });
}
