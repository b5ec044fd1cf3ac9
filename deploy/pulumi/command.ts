import { spawn } from "node:child_process";
import { delimiter, dirname, isAbsolute } from "node:path";
import * as internal from "@pulumi/pulumi/automation/errors.js";
import { PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import semver from "semver";
import type { Interrupt } from "../interrupt.ts";
import { ProblemError } from "../problems.ts";

/** Oldest CLI that this program works with: it needs policy packs run by the language plugin, and refresh as preview. */
const OLDEST_CLI = "3.200.0";

/** Exists in the SDK's code, but is marked internal and so is not in its types. */
const { createCommandError } = internal as typeof internal & { createCommandError(result: Result): Error };
interface Runs {
  run(
    args: string[],
    cwd: string,
    environment: Readonly<Record<string, string>>,
    onOutput?: (text: string) => void,
    onError?: (text: string) => void,
  ): Promise<Result>;
}
interface Result {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

/**
 * Finds the Pulumi CLI, which the Automation API drives.
 *
 * @param install whether to install the CLI of the SDK's version into ~/.pulumi/versions if the one on PATH is missing or
 *   too old.
 * @throws {ProblemError} that says how to get it.
 */
export async function findCli(install: boolean, interrupt: Interrupt): Promise<PulumiCommand> {
  const found = await PulumiCommand.get({ skipVersionCheck: true }).catch(() => undefined);
  const recent = found && (found.version === null || semver.gte(found.version.version, OLDEST_CLI));
  if (found && recent) return inOwnGroup(found, interrupt);
  if (install) return inOwnGroup(await installCli(), interrupt);
  const advice =
    "Install it from https://www.pulumi.com/docs/install/, or run again with --install-cli, " +
    "which installs it with Pulumi's own installer into ~/.pulumi/versions.";
  if (!found) throw new ProblemError("cli-missing", "The Pulumi CLI was not found on PATH.", advice);
  const what = `The Pulumi CLI on PATH is ${found.version}; at least ${OLDEST_CLI} is needed.`;
  throw new ProblemError("cli-too-old", what, advice);
}

async function installCli(): Promise<PulumiCommand> {
  try {
    return await PulumiCommand.install();
  } catch (error) {
    const what = `The Pulumi CLI could not be installed: ${(error as Error).message.split("\n")[0]}.`;
    throw new ProblemError("cli-missing", what, "See https://www.pulumi.com/docs/install/ for other ways.");
  }
}

/**
 * Runs the CLI in its own process group. A terminal sends Ctrl-C to a whole group, and the CLI takes a second one as
 * "stop immediately", which leaves an update half recorded. So the CLI gets only the ones that {@link Interrupt} passes on.
 */
function inOwnGroup(command: PulumiCommand, interrupt: Interrupt): PulumiCommand {
  const runs: Runs = {
    run(args, cwd, environment, onOutput, onError) {
      const flags = args.includes("--non-interactive") ? args : [...args, "--non-interactive"];
      const child = spawn(command.command, flags, {
        cwd,
        env: { ...process.env, ...withPath(command.command, environment), PULUMI_AUTOMATION_API: "true" },
        detached: true,
        stdio: ["ignore", "pipe", "pipe"],
      });
      let [stdout, stderr] = ["", ""];
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        stdout += text;
        onOutput?.(text);
      });
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        stderr += text;
        onError?.(text);
      });
      const ended = new Promise<Result>((resolve, reject) => {
        child.on("error", reject);
        child.on("close", (status) => {
          const code = status ?? 1;
          const result = { stdout, stderr, code, toString: () => `code: ${code}\n${stdout}\n${stderr}` };
          if (code === 0) resolve(result);
          else reject(createCommandError(result));
        });
      });
      return interrupt.passOn(() => child.kill("SIGINT"), ended);
    },
  };
  return Object.assign(command, runs);
}

/** A CLI that is not on PATH has its language plugins beside it: put them on PATH. */
function withPath(command: string, environment: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  if (!isAbsolute(command)) return environment;
  const path = environment.PATH ?? process.env.PATH ?? "";
  return { ...environment, PATH: `${dirname(command)}${delimiter}${path}` };
}
