/** One reason why a service is not up. */
export interface Reason {
  /** Stable name of this problem, so that its duration can be measured over several looks. */
  readonly key: string;
  /** One sentence: what is wrong, and with which object. */
  readonly text: string;
  /** The cluster's own message: from the kubelet, the last lines of a log, or the end of a traceback. */
  readonly lastWords?: readonly string[];
  /** What to do. */
  readonly fix?: string;
  /** Reasons are listed by rank, the most helpful one first. */
  readonly rank: number;
  /** Seconds after which the state counts as lasting; a reason without it may still pass by itself. */
  readonly hopelessAfterSeconds?: number;
}

/** The last `count` lines with anything on them. */
export function lastLines(text: string, count = 12): string[] {
  return text
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line.trim() !== "")
    .slice(-count);
}

/** A reason as the text that is shown. */
export function formatReason(reason: Reason): string {
  const words = (reason.lastWords ?? []).map((line) => `    ${line}`);
  return [reason.text, ...words, ...(reason.fix === undefined ? [] : [`  → ${reason.fix}`])].join("\n");
}
