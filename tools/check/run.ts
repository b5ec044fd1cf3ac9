import { join } from "node:path";
import { runChild } from "../bootstrap/childProcess.mjs";
import { root } from "../bootstrap/paths.mjs";
import { elapsed } from "../bootstrap/phase.mjs";
import { UserError } from "../bootstrap/userError.mjs";
import { pythonEnvironment } from "../python/environment.ts";
import { add, type Counts, nothing, skipReasons, summary } from "./counts.ts";
import { groups, type Step, steps } from "./steps.ts";

/** Steps at a time: the three that test, which mostly wait for processes to start and end, then the checkers. */
const PARALLEL = 3;
/** Longest time of one step, in seconds: several times what the slowest one takes on two busy cores. */
const LIMIT_SECONDS = 900;

/** How one step ended. */
export interface Outcome {
  readonly name: string;
  readonly ok: boolean;
  readonly counts: Counts;
  readonly output: string;
  readonly milliseconds: number;
}

/** `npm test`: all checks and tests, or those of the groups named. Returns the exit code. */
export async function test(args: readonly string[]): Promise<number> {
  const unknown = args.filter((arg) => !groups.some((group) => group === arg));
  if (unknown.length > 0) {
    throw new UserError(
      `npm test does not know "${unknown.join(" ")}". Name a part (${groups.join(", ")}), or nothing to run everything.`,
    );
  }
  const began = Date.now();
  const python = await pythonEnvironment("dev");
  const chosen = steps(python).filter(({ group }) => args.length === 0 || args.includes(group));
  const outcomes = await inParallel(chosen, PARALLEL, async (step) => {
    const outcome = await runStep(step);
    console.log(`${outcome.ok ? "✓" : "✗"} ${step.name}  ${summary(outcome.counts)}  ${elapsed(outcome.milliseconds)}`);
    return outcome;
  });
  return report(outcomes, Date.now() - began);
}

/** Print what failed, why tests were skipped, and the line that CI reads; returns the exit code. */
export function report(outcomes: readonly Outcome[], milliseconds: number, print = console.log): number {
  for (const { name, output } of outcomes.filter(({ ok }) => !ok)) {
    print(`\n${"─".repeat(20)} ${name} ${"─".repeat(20)}\n${output.trimEnd()}`);
  }
  const reasons = outcomes.flatMap(({ output }) => skipReasons(output));
  if (reasons.length > 0) print(`\nSkipped:\n${reasons.map((reason) => `  ${reason}`).join("\n")}`);
  const total = outcomes.map(({ counts }) => counts).reduce(add, nothing);
  print(`\nTotal time: ${elapsed(milliseconds)}.`);
  print(summary(total));
  return total.failed > 0 || total.passed === 0 || outcomes.some(({ ok }) => !ok) ? 1 : 0;
}

/** Run one program, keeping what it prints. A program that fails without a failed test counts as one failure. */
export async function runStep({ name, command, args, directory, counts }: Step): Promise<Outcome> {
  const began = Date.now();
  const { code, output } = await runChild(command, args, { cwd: join(root, directory), limitSeconds: LIMIT_SECONDS });
  const found = counts ? counts(output) : { ...nothing, passed: code === 0 ? 1 : 0 };
  const ok = code === 0 && found !== undefined;
  const failed = found?.failed ?? 0;
  return {
    name,
    ok,
    output,
    counts: { ...(found ?? nothing), failed: ok || failed > 0 ? failed : 1 },
    milliseconds: Date.now() - began,
  };
}

/** Map over items, at most `limit` at a time, results in order. */
export async function inParallel<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = new Array(items.length);
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index] as T);
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return results;
}
