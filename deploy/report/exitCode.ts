import { exitCodes } from "../problems.ts";
import type { StackReport } from "./types.ts";

/** Most severe first: one code has to stand for several locations. */
const bySeverity = [1, 3, 4, 5, 7, 8, 2, 6, 130];

/** The exit code of a run. An interrupt comes first, because it may have caused the other failures. */
export function exitCodeOf(reports: readonly StackReport[]): number {
  const codes = new Set(reports.flatMap(({ problem }) => (problem ? [exitCodes[problem.kind]] : [])) as number[]);
  if (codes.has(exitCodes.interrupted)) return exitCodes.interrupted;
  return bySeverity.find((code) => codes.has(code)) ?? 0;
}
