import { applicationReasons } from "./application.ts";
import { podReasons } from "./pods.ts";
import type { Reason } from "./reason.ts";
import type { Snapshot } from "./snapshot.ts";
import { surroundingReasons } from "./surroundings.ts";

export { formatReason, type Reason } from "./reason.ts";
export type { Snapshot } from "./snapshot.ts";

/**
 * Why a service is not up, in plain words, the most helpful reason first. Pure: the same snapshot gives the same
 * reasons. Empty if nothing looks wrong and the service only needs more time.
 */
export function diagnose(snapshot: Snapshot): Reason[] {
  const reasons = [...surroundingReasons(snapshot), ...applicationReasons(snapshot), ...podReasons(snapshot)];
  const seen = new Set<string>();
  return reasons.sort((a, b) => a.rank - b.rank).filter(({ key }) => !seen.has(key) && seen.add(key) !== undefined);
}
