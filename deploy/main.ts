import pLimit from "p-limit";
import { type Arguments, parseArguments, usage } from "./args.ts";
import { Interrupt } from "./interrupt.ts";
import { type LocationReader, readLocation } from "./location.ts";
import { Masker } from "./masking.ts";
import { carryOut } from "./operations/index.ts";
import { classify, exitCodes } from "./problems.ts";
import { knownStacks } from "./pulumi/stack.ts";
import { exitCodeOf } from "./report/exitCode.ts";
import { publish } from "./report/publish.ts";
import type { StackReport } from "./report/types.ts";
import { prepareRun } from "./run.ts";

/** What a run takes from the process that it runs in; tests bring their own. */
export interface Host {
  /** The repository: stack files, deploy.yaml, policy/. */
  readonly workDir: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Standard output: the result. */
  print(text: string): void;
  /** Standard error: progress. */
  progress(text: string): void;
  readonly readLocation?: LocationReader;
}

/** Runs one command line to its end and returns the exit code. */
export async function main(argv: readonly string[], host: Host): Promise<number> {
  const { print, progress } = host;
  let args: Arguments | "help";
  try {
    args = parseArguments(argv);
  } catch (error) {
    const { what, advice } = classify(error);
    progress(`${what} ${advice}\n`);
    return exitCodes.usage;
  }
  if (args === "help") {
    print(`${usage}\n`);
    return 0;
  }
  const begun = performance.now();
  const masker = new Masker(host.environment);
  const interrupt = new Interrupt((line) => progress(`${line}\n`));
  try {
    const stacks = await runAll(args, host, masker, interrupt);
    const { command } = args;
    const seconds = (performance.now() - begun) / 1_000;
    const report = masker.maskAll({
      command,
      time: new Date().toISOString(),
      seconds,
      exitCode: exitCodeOf(stacks),
      stacks,
    });
    await publish(report, args, host);
    return report.exitCode;
  } finally {
    interrupt.dispose();
  }
}

/** Carries the command out at all its locations, some at once. A problem of the run itself is one of each location. */
async function runAll(args: Arguments, host: Host, masker: Masker, interrupt: Interrupt): Promise<StackReport[]> {
  const { workDir, progress, readLocation: reader = readLocation } = host;
  const stacks = args.stacks.length > 0 ? args.stacks : knownStacks(workDir);
  const width = Math.max(...stacks.map((stack) => stack.length), args.to?.length ?? 0);
  const say = (stack: string, line: string) => {
    for (const part of line.split("\n")) progress(`${stack.padEnd(width)} │ ${masker.mask(part)}\n`);
  };
  try {
    const run = await prepareRun(args, { workDir, interrupt, masker, readLocation: reader, say });
    const limit = pLimit(args.parallel ?? run.settings.parallel);
    return await Promise.all(stacks.map((stack) => limit(() => carryOut(run, stack))));
  } catch (error) {
    const problem = classify(error);
    return stacks.map((stack) => ({ stack, problem }));
  }
}
