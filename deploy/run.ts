import type { PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import type { Arguments } from "./args.ts";
import type { Interrupt } from "./interrupt.ts";
import type { LocationReader } from "./location.ts";
import type { Masker } from "./masking.ts";
import { findCli } from "./pulumi/command.ts";
import { openStack, type StackOpener } from "./pulumi/stack.ts";
import { type DeploySettings, readSettings } from "./settings.ts";
import { type GoldenSet, loadGoldenSet } from "./smoke/goldenSet.ts";

/** What all locations of one run share, gathered once. */
export interface Run {
  readonly args: Arguments;
  readonly settings: DeploySettings;
  readonly command: PulumiCommand;
  /** The repository: program, policy pack and stack files. */
  readonly workDir: string;
  readonly interrupt: Interrupt;
  readonly masker: Masker;
  readonly openStack: StackOpener;
  readonly readLocation: LocationReader;
  /** The golden pages; undefined if this run checks no service. */
  readonly golden: GoldenSet | undefined;
  /** Shows a line of progress. */
  say(stack: string, line: string): void;
}

/**
 * Reads what a run needs before it opens any stack: settings, the Pulumi CLI and the golden pages.
 *
 * @throws {ProblemError} if something is missing or wrong; nothing was touched then.
 */
export async function prepareRun(
  args: Arguments,
  given: Pick<Run, "workDir" | "interrupt" | "masker" | "readLocation" | "say">,
): Promise<Run> {
  const settings = await readSettings(given.workDir);
  const command = await findCli(args.installCli, given.interrupt);
  const folders = args.golden.length > 0 ? args.golden : settings.golden;
  const golden = checksService(args) ? await loadGoldenSet(folders) : undefined;
  return { args, settings, command, golden, openStack, ...given };
}

function checksService({ command, smoke }: Arguments): boolean {
  return command === "smoke" || (smoke && ["up", "promote", "rollback"].includes(command));
}
