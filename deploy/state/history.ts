import { appendFile, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Identity } from "../identity.ts";
import { optionalText } from "../optionalText.ts";
import type { Score } from "../score/score.ts";
import { stateFolder } from "./folder.ts";

/** One deploy, rollback or check of a location. */
export interface HistoryRecord {
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly kind: "up" | "promote" | "rollback" | "smoke";
  /** `good`: everything that was checked passed. `unchecked`: nothing was checked. */
  readonly outcome: "good" | "unchecked" | "failed";
  /** Id of the checkpoint that runs from then on. */
  readonly checkpoint?: string | undefined;
  readonly identity?: Identity | undefined;
  /** Commit of the repository, with `+` if files differed from it. */
  readonly commit?: string | undefined;
  readonly score?: Score | undefined;
  readonly pagesPerSecond?: number | undefined;
  readonly wakeSeconds?: number | undefined;
  readonly upSeconds?: number | undefined;
  readonly smokePassed?: boolean | undefined;
}

const fileOf = (folder: string, stack: string) => join(stateFolder(folder, stack), "history.jsonl");

/** The history of a location, oldest first. Lines that cannot be read are skipped. */
export async function readHistory(folder: string, stack: string): Promise<HistoryRecord[]> {
  const text = (await optionalText(fileOf(folder, stack))) ?? "";
  return text.split("\n").flatMap((line) => {
    try {
      return line.trim() ? [JSON.parse(line) as HistoryRecord] : [];
    } catch {
      // Half a line: an earlier run was killed while it wrote.
      return [];
    }
  });
}

/** Adds a record to the history of a location. */
export async function appendHistory(folder: string, stack: string, record: HistoryRecord): Promise<void> {
  const file = fileOf(folder, stack);
  await mkdir(dirname(file), { recursive: true });
  await appendFile(file, `${JSON.stringify(record)}\n`);
}

/** The score of the latest good record that has one: the next score is compared with it. */
export function lastGoodScore(history: readonly HistoryRecord[]): Score | undefined {
  return history.findLast(({ outcome, score }) => outcome === "good" && score !== undefined)?.score;
}

/** Id of the checkpoint that runs now; undefined if the last deploy failed and was not undone, or was not checked. */
export function runningCheckpoint(history: readonly HistoryRecord[]): string | undefined {
  return history.findLast(({ kind }) => kind !== "smoke")?.checkpoint;
}
