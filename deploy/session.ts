import type { Stack } from "@pulumi/pulumi/automation/index.js";
import type { Location } from "./location.ts";
import { ProblemError } from "./problems.ts";
import type { Run } from "./run.ts";
import type { Past } from "./state/past.ts";

/** One location of a run, before its stack is opened. */
export interface Target {
  readonly run: Run;
  /** Name of its stack. */
  readonly name: string;
  readonly past: Past;
  /** Shows a line of progress. */
  say(line: string): void;
}

/** A location whose stack is open. */
export interface Session extends Target {
  readonly stack: Stack;
  readonly location: Location;
}

/**
 * Opens a stack, learns its secrets so that they can be masked, and reads its location.
 *
 * @param workDir folder of the program: the repository's, or that of a restored checkpoint.
 * @param create whether to make the stack in the backend if it is not there yet.
 */
export async function openSession(target: Target, workDir: string, create: boolean): Promise<Session> {
  const { run, name } = target;
  if (run.interrupt.happened) throw interrupted();
  const stack = await run.openStack(name, { workDir, command: run.command }, create);
  const config = await stack.getAllConfig();
  for (const { value, secret } of Object.values(config)) if (secret) run.masker.add(value);
  return { ...target, stack, location: run.readLocation(config) };
}

/** Ctrl-C, or the end of a CI job. */
export function interrupted(): ProblemError {
  return new ProblemError(
    "interrupted",
    "The run was interrupted.",
    "Run the same command again: it continues where this one stopped.",
  );
}
