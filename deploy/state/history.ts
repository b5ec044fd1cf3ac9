import { appendFile, mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Identity } from "../identity.ts";
import type { Score } from "../score/score.ts";

/** One deploy, roll-back or check of a location. */
export interface HistoryRecord {
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly kind: "up" | "promote" | "rollback" | "smoke";
  /** `good`: everything that was checked passed. `unchecked`: nothing was checked. */
  readonly outcome: "good" | "unchecked" | "failed";
  /** Id of the checkpoint that runs since then. */
  readonly checkpoint?: string;
  readonly identity?: Identity;
  /** Commit of the repository, with `+` where files differed from it. */
  readonly commit?: string;
  readonly score?: Score;
  readonly pagesPerSecond?: number;
  readonly wakeSeconds?: number;
  readonly upSeconds?: number;
  readonly smokePassed?: boolean;
}

const fileOf = (folder: string, stack: string) => join(folder, stack.replaceAll("/", "."), "history.jsonl");

/** What happened to a location, oldest first; a line that cannot be read is left out. */
export async function readHistory(folder: string, stack: string): Promise<HistoryRecord[]> {
  const text = await readFile(fileOf(folder, stack), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  return text.split("\n").flatMap((line) => {
    try {
      return line.trim() ? [JSON.parse(line) as HistoryRecord] : [];
    } catch {
      // Half a line: an earlier run was killed while it wrote.
      return [];
    }
  });
}

export async function appendHistory(folder: string, stack: string, record: HistoryRecord): Promise<void> {
  const file = fileOf(folder, stack);
  await mkdir(dirname(file), { recursive: true });
  await appendFile(file, `${JSON.stringify(record)}\n`);
}

/** The latest record that ran golden pages and passed: what the next score is compared with. */
export function lastGoodScore(history: readonly HistoryRecord[]): Score | undefined {
  return history.findLast(({ outcome, score }) => outcome === "good" && score !== undefined)?.score;
}

/** The checkpoint that runs now; nothing where the last deploy failed and stayed, or was not checked. */
export function runningCheckpoint(history: readonly HistoryRecord[]): string | undefined {
  return history.findLast(({ kind }) => kind !== "smoke")?.checkpoint;
}
