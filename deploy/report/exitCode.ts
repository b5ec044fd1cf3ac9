import { exitCodes } from "../problems.ts";
import type { StackReport } from "./types.ts";

/** From what most needs a person to what least does: one code has to stand for several locations. */
const gravest = [1, 3, 4, 5, 7, 8, 2, 6, 130];

/** The exit code of a run. Interrupted counts first: whatever else failed may have failed by that. */
export function exitCodeOf(reports: readonly StackReport[]): number {
  const codes = new Set(reports.flatMap(({ problem }) => (problem ? [exitCodes[problem.kind]] : [])) as number[]);
  if (codes.has(exitCodes.interrupted)) return exitCodes.interrupted;
  return gravest.find((code) => codes.has(code)) ?? 0;
}
