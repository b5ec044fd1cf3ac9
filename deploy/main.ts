import { readdirSync } from "node:fs";
import { appendFile, writeFile } from "node:fs/promises";
import pLimit from "p-limit";
import { type Arguments, parseArguments, usage } from "./args.ts";
import { Interrupt } from "./interrupt.ts";
import { type LocationReader, readLocation } from "./location.ts";
import { Masker } from "./masking.ts";
import { carryOut } from "./operations/index.ts";
import { classify, exitCodes } from "./problems.ts";
import { findCli } from "./pulumi/command.ts";
import { exitCodeOf } from "./report/exitCode.ts";
import { markdown } from "./report/markdown.ts";
import { terminal } from "./report/terminal.ts";
import type { RunReport, StackReport } from "./report/types.ts";
import type { Run } from "./session.ts";
import { readSettings } from "./settings.ts";

/** Where a run reads and writes besides files; tests hand in their own. */
export interface Surroundings {
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
export async function main(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  const { print, progress, environment, workDir } = surroundings;
  const masker = new Masker(environment);
  let args: Arguments;
  try {
    const parsed = parseArguments(argv);
    if (parsed === "help") {
      print(`${usage}\n`);
      return 0;
    }
    args = parsed;
  } catch (error) {
    const { what, advice } = classify(error);
    progress(`${what} ${advice}\n`);
    return exitCodes.usage;
  }
  const begun = performance.now();
  const interrupt = new Interrupt((line) => progress(`${line}\n`));
  try {
    const stacks = args.stacks.length > 0 ? args.stacks : stackFiles(workDir);
    const reports = await work(args, stacks, interrupt, masker, surroundings);
    const report: RunReport = masker.maskAll({
      command: args.command,
      time: new Date().toISOString(),
      seconds: (performance.now() - begun) / 1_000,
      exitCode: exitCodeOf(reports),
      stacks: reports,
    });
    await publish(report, args, surroundings);
    return report.exitCode;
  } finally {
    interrupt.dispose();
  }
}

async function work(
  args: Arguments,
  stacks: readonly string[],
  interrupt: Interrupt,
  masker: Masker,
  { workDir, progress, readLocation: reader = readLocation }: Surroundings,
): Promise<StackReport[]> {
  let run: Run;
  try {
    const settings = await readSettings(workDir);
    const command = await findCli(args.installCli, interrupt);
    const width = Math.max(...stacks.map((stack) => stack.length), args.to?.length ?? 0);
    const say = (stack: string, line: string) => {
      for (const part of line.split("\n")) progress(`${stack.padEnd(width)} │ ${masker.mask(part)}\n`);
    };
    run = { args, settings, command, workDir, interrupt, masker, readLocation: reader, say };
  } catch (error) {
    const problem = classify(error);
    return stacks.map((stack) => ({ stack, problem }));
  }
  const limit = pLimit(args.parallel ?? run.settings.parallel);
  return Promise.all(stacks.map((stack) => limit(() => carryOut(run, stack))));
}

async function publish(report: RunReport, args: Arguments, { print, environment }: Surroundings): Promise<void> {
  const summary = markdown(report);
  if (args.json) print(`${JSON.stringify(report, null, 2)}\n`);
  else if (args.summary === "-") print(summary);
  else print(terminal(report));
  if (args.summary && args.summary !== "-") await writeFile(args.summary, summary);
  if (environment.GITHUB_STEP_SUMMARY) await appendFile(environment.GITHUB_STEP_SUMMARY, summary);
}

function stackFiles(workDir: string): string[] {
  return readdirSync(workDir).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);
}
