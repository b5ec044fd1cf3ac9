import type { Problem } from "../problems.ts";
import type { Done } from "../pulumi/operation.ts";
import { interrupted, type Session } from "../session.ts";
import { operation } from "./steps.ts";

/** An update that ran. */
export interface Applied extends Done {
  /** Why the deploy ends here, with nothing to prove and nothing to roll back. */
  readonly stopped?: Problem | undefined;
}

/** Problems of the engine after which the service is what it was before. */
const harmless = new Set<Problem["kind"]>([
  "interrupted",
  "concurrent-update",
  "passphrase",
  "no-backend",
  "cluster-unreachable",
]);

/** The second part of a deploy: updates the stack. */
export async function apply(session: Session): Promise<Applied> {
  const { golden, interrupt } = session.run;
  const done = await operation(session, "up");
  const { problem, touched } = done;
  if (problem) return { ...done, stopped: harmless.has(problem.kind) || !touched ? problem : undefined };
  return { ...done, stopped: golden && interrupt.happened ? interrupted().problem : undefined };
}
