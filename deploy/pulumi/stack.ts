import { existsSync, readdirSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import { LocalWorkspace, type PulumiCommand, type Stack } from "@pulumi/pulumi/automation/index.js";
import { ProblemError } from "../problems.ts";

/** The folder of a stack's program, and the CLI that runs it. */
export interface ProgramFolder {
  /** The repository, or a restored checkpoint of it. */
  readonly workDir: string;
  readonly command: PulumiCommand;
}

/** The name of the stack's file: `org/project/prod` is described by Pulumi.prod.yaml. */
export function stackFile(stackName: string): string {
  return `Pulumi.${stackName.split("/").at(-1)}.yaml`;
}

/** Names of the locations that the stack files in a folder describe. */
export function knownStacks(workDir: string): string[] {
  return readdirSync(workDir).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);
}

/** The problem of a location that no stack file describes. */
export function noStackFile(name: string, workDir: string): ProblemError {
  const known = knownStacks(workDir).join(", ") || "none";
  return new ProblemError(
    "unknown-stack",
    `There is no ${stackFile(name)}; the locations here are ${known}.`,
    "Copy the stack file of one of them to that name and set its location.",
  );
}

/**
 * Opens a stack that a stack file describes.
 *
 * @param create whether to create the stack in the backend if it is not there yet.
 * @throws {ProblemError} for a location that no stack file describes.
 */
export async function openStack(name: string, { workDir, command }: ProgramFolder, create: boolean): Promise<Stack> {
  if (!existsSync(join(workDir, stackFile(name)))) {
    throw noStackFile(name, workDir);
  }
  const args = { stackName: name, workDir };
  const options = { pulumiCommand: command, envVars: environment() };
  return create ? LocalWorkspace.createOrSelectStack(args, options) : LocalWorkspace.selectStack(args, options);
}

/** How a run opens its stacks: by {@link openStack}, or by what a test brings instead. */
export type StackOpener = typeof openStack;

/** A relative backend folder starts from where the user is, not from a checkpoint. */
function environment(): Record<string, string> {
  const path = /^file:\/\/(?!~)(.+)$/.exec(process.env.PULUMI_BACKEND_URL ?? "")?.[1];
  const backend = path && !isAbsolute(path) ? { PULUMI_BACKEND_URL: `file://${resolve(path)}` } : {};
  return { PULUMI_SKIP_UPDATE_CHECK: "true", ...backend };
}
