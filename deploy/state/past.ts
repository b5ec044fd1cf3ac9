import { type Checkpoint, listCheckpoints } from "./checkpoint.ts";
import { type HistoryRecord, readHistory } from "./history.ts";

/** What earlier runs left behind about a location, oldest first. */
export interface Past {
  readonly history: readonly HistoryRecord[];
  readonly checkpoints: readonly Checkpoint[];
}

/** Reads what earlier runs left behind about a location. */
export async function readPast(state: string, stack: string): Promise<Past> {
  const [history, checkpoints] = await Promise.all([readHistory(state, stack), listCheckpoints(state, stack)]);
  return { history, checkpoints };
}
