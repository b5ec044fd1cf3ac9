/** How many tests ended how. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const nothing: Counts = { passed: 0, failed: 0, skipped: 0 };

export function add(a: Counts, b: Counts): Counts {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

/** Counts of mocha's spec reporter; undefined if the summary is missing. */
export function mochaCounts(output: string): Counts | undefined {
  const number = (word: string) => Number(new RegExp(`^\\s*(\\d+) ${word}\\b`, "m").exec(output)?.[1] ?? 0);
  if (!/^\s*\d+ passing\b/m.test(output)) return undefined;
  return { passed: number("passing"), failed: number("failing"), skipped: number("pending") };
}

/** Counts of pytest's last line, such as "2 failed, 41 passed, 3 skipped in 6.15s"; undefined if there is none. */
export function pytestCounts(output: string): Counts | undefined {
  const line = output.split("\n").findLast((each) => /\bin \d+(\.\d+)?s\b/.test(each));
  if (!line) return undefined;
  const number = (word: string) => Number(new RegExp(`(\\d+) ${word}\\b`).exec(line)?.[1] ?? 0);
  return {
    passed: number("passed") + number("xfailed"),
    failed: number("failed") + number("errors?") + number("xpassed"),
    skipped: number("skipped"),
  };
}

/** The reasons that pytest gives for skipped tests (`-ra`), each once. */
export function skipReasons(output: string): string[] {
  const reasons = [...output.matchAll(/^SKIPPED \[\d+\] (?:\S+: )?(.*)$/gm)].map((match) => match[1] ?? "");
  return [...new Set(reasons)];
}

/** The line that CI reads. */
export function summary({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
