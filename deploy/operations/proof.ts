import type { Problem } from "../problems.ts";
import type { StackReport } from "../report/types.ts";

/** What was found about a deployed service; without a problem it is good. */
export interface Proof {
  readonly report: Pick<
    StackReport,
    "smoke" | "score" | "lastScore" | "pagesPerSecond" | "clients" | "outputs" | "cost" | "notes"
  >;
  readonly problem?: Problem | undefined;
  /** Seconds of each phase. */
  readonly seconds: Readonly<Record<string, number>>;
}

/** The proof of a service that was not checked, because of a problem or because the command line says so. */
export function unproved(problem?: Problem): Proof {
  return { report: {}, seconds: {}, problem };
}
