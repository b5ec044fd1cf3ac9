/** One plain-word answer to "why is it not up yet?". */
export interface Reason {
  /** Stable name of this problem, so that its duration can be measured over several looks. */
  readonly key: string;
  /** One sentence: what is wrong, and with which object. */
  readonly text: string;
  /** What the cluster itself said: the kubelet's message, the last lines of a log, the end of a traceback. */
  readonly lastWords?: readonly string[];
  /** What to do. */
  readonly fix?: string;
  /** The most telling reason has the smallest rank. */
  readonly rank: number;
  /** The state is hopeless once it has lasted this long, in seconds; a reason without it may still pass by itself. */
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

/** A reason as the lines that a person reads. */
export function formatReason(reason: Reason): string {
  const words = (reason.lastWords ?? []).map((line) => `    ${line}`);
  return [reason.text, ...words, ...(reason.fix === undefined ? [] : [`  → ${reason.fix}`])].join("\n");
}
