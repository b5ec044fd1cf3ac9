import type { PulumiCommand, Stack } from "@pulumi/pulumi/automation/index.js";
import type { Arguments } from "./args.ts";
import { findCreated } from "./cluster.ts";
import { type Identity, identityOf, type Registered } from "./identity.ts";
import type { Interrupt } from "./interrupt.ts";
import type { Location, LocationReader } from "./location.ts";
import type { Masker } from "./masking.ts";
import { ProblemError } from "./problems.ts";
import { settlePending } from "./pulumi/pending.ts";
import { openStack } from "./pulumi/stack.ts";
import type { DeploySettings } from "./settings.ts";

/** What all locations of one run share. */
export interface Run {
  readonly args: Arguments;
  readonly settings: DeploySettings;
  readonly command: PulumiCommand;
  /** The repository: program, policy pack and stack files. */
  readonly workDir: string;
  readonly interrupt: Interrupt;
  readonly masker: Masker;
  readonly readLocation: LocationReader;
  /** Shows a line of progress. */
  say(stack: string, line: string): void;
}

/** One stack, opened. */
export interface Session {
  readonly run: Run;
  readonly name: string;
  readonly stack: Stack;
  readonly location: Location;
  readonly say: (line: string) => void;
}

/**
 * Opens a stack, learns its secrets so that they can be masked, and reads its location.
 *
 * @param workDir folder of the program: the repository's, or that of a restored checkpoint.
 */
export async function openSession(run: Run, name: string, workDir: string, create: boolean): Promise<Session> {
  if (run.interrupt.happened) throw interrupted();
  const stack = await openStack(name, { workDir, command: run.command }, create);
  const config = await stack.getAllConfig();
  for (const { value, secret } of Object.values(config)) if (secret) run.masker.add(value);
  return { run, name, stack, location: run.readLocation(config), say: (line) => run.say(name, line) };
}

export function interrupted(): ProblemError {
  return new ProblemError(
    "interrupted",
    "The run was interrupted.",
    "Run the same command again: it takes up where this one ended.",
  );
}

/** Makes a stack ready for a change: gives up a dead lock where that was asked for, settles what was cut off. */
export async function prepare({ run, stack, location, say }: Session): Promise<string[]> {
  if (run.args.unlock) {
    await stack.cancel();
    say("the lock was given up");
  }
  const notes = await settlePending(stack, run.command, findCreated(location));
  for (const note of notes) say(note);
  return notes;
}

/** The stack's outputs; secrets among them are masked from now on. */
export interface Outputs {
  readonly plain: Readonly<Record<string, unknown>>;
  readonly endpoint?: string;
  readonly model: string;
  readonly key?: string;
}

export async function readOutputs({ stack, run }: Session): Promise<Outputs> {
  const outputs = await stack.outputs();
  for (const { value, secret } of Object.values(outputs)) if (secret) run.masker.add(value);
  const text = (name: string) => (typeof outputs[name]?.value === "string" ? (outputs[name].value as string) : "");
  const plain = Object.entries(outputs).flatMap(([name, { value, secret }]) =>
    secret ? [] : [[name, value] as const],
  );
  return {
    plain: Object.fromEntries(plain),
    model: text("modelId"),
    ...(text("endpoint") ? { endpoint: text("endpoint") } : {}),
    ...(text("apiKey") ? { key: text("apiKey") } : {}),
  };
}

/** What the state says is deployed. */
export async function deployedIdentity({ stack, location }: Session): Promise<Identity> {
  const { deployment } = (await stack.exportStack()) as { deployment?: { resources?: Partial<Registered>[] } };
  const resources = deployment?.resources ?? [];
  return identityOf(
    resources.flatMap(({ type, inputs }) => (type && inputs ? [{ type, inputs }] : [])),
    location.model,
  );
}
