import { existsSync, readdirSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import { LocalWorkspace, type PulumiCommand, type Stack } from "@pulumi/pulumi/automation/index.js";
import { ProblemError } from "../problems.ts";

/** Folder of the stack's program: the repository, or a checkpoint of it. */
export interface ProgramFolder {
  readonly workDir: string;
  readonly command: PulumiCommand;
}

/** The name of the stack's file: `org/project/prod` is described by Pulumi.prod.yaml. */
export function stackFile(stackName: string): string {
  return `Pulumi.${stackName.split("/").at(-1)}.yaml`;
}

/**
 * Opens a stack, and makes it in the backend where `create` says so and a stack file describes it.
 *
 * @throws {ProblemError} for a location that no stack file describes.
 */
export async function openStack(name: string, { workDir, command }: ProgramFolder, create: boolean): Promise<Stack> {
  if (!existsSync(join(workDir, stackFile(name)))) {
    const known = readdirSync(workDir).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);
    throw new ProblemError(
      "unknown-stack",
      `There is no ${stackFile(name)}; the locations here are ${known.join(", ") || "none"}.`,
      "Copy one of them to that name and set its location.",
    );
  }
  const args = { stackName: name, workDir };
  const options = { pulumiCommand: command, envVars: environment() };
  return create ? LocalWorkspace.createOrSelectStack(args, options) : LocalWorkspace.selectStack(args, options);
}

/** A backend in a relative folder means the folder that the user was in, not that of a checkpoint. */
function environment(): Record<string, string> {
  const path = /^file:\/\/(?!~)(.+)$/.exec(process.env.PULUMI_BACKEND_URL ?? "")?.[1];
  const backend = path && !isAbsolute(path) ? { PULUMI_BACKEND_URL: `file://${resolve(path)}` } : {};
  return { PULUMI_SKIP_UPDATE_CHECK: "true", ...backend };
}
