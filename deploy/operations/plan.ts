import type { Problem } from "../problems.ts";
import type { Done } from "../pulumi/operation.ts";
import type { Session } from "../session.ts";
import { operation, prepare } from "./steps.ts";

/** What a deploy would do. */
export interface Plan extends Done {
  /** What was settled on the way, a sentence each. */
  readonly notes: readonly string[];
}

/**
 * The first part of a deploy: settles what an earlier run left half done, and previews. The service is not touched.
 *
 * @param review judges what would happen.
 * @returns a plan; one with a problem must not be applied.
 */
export async function plan(session: Session, review?: (planned: Done) => Problem | undefined): Promise<Plan> {
  const notes = await prepare(session);
  const done = await operation(session, "preview");
  return { ...done, notes, problem: done.problem ?? review?.(done) };
}
