import { spawn } from "node:child_process";
import { delimiter, dirname, isAbsolute } from "node:path";
import * as internal from "@pulumi/pulumi/automation/errors.js";
import { PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import type { Interrupt } from "../interrupt.ts";
import { ProblemError } from "../problems.ts";

/** Oldest CLI that this program is known to work with: policy packs run by the language plugin, refresh as preview. */
const OLDEST_CLI = "3.200.0";

/** In the SDK's code, but marked internal and so not in its types. */
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
 * The Pulumi CLI, which the Automation API drives.
 *
 * @param install fetch the CLI of the SDK's version into ~/.pulumi/versions where none, or too old a one, is on PATH.
 * @throws {ProblemError} with the way to get it.
 */
export async function findCli(install: boolean, interrupt: Interrupt): Promise<PulumiCommand> {
  const found = await PulumiCommand.get({ skipVersionCheck: true }).catch(() => undefined);
  const recent = found && (found.version === null || found.version.compare(OLDEST_CLI) >= 0);
  if (found && recent) return inOwnGroup(found, interrupt);
  if (install) return inOwnGroup(await installCli(), interrupt);
  const advice =
    "Install it from https://www.pulumi.com/docs/install/, or run again with --install-cli, " +
    "which fetches it with Pulumi's own installer into ~/.pulumi/versions.";
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
 * Makes the CLI run in a process group of its own. A terminal sends Ctrl-C to the whole group, and the CLI takes a
 * second one as "stop at once", which leaves an update half recorded; so it gets exactly those that we pass on.
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
      return interrupt.during(() => child.kill("SIGINT"), ended);
    },
  };
  return Object.assign(command, runs);
}

/** A CLI that is not on PATH brings its language plugins along. */
function withPath(command: string, environment: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  if (!isAbsolute(command)) return environment;
  const path = environment.PATH ?? process.env.PATH ?? "";
  return { ...environment, PATH: `${dirname(command)}${delimiter}${path}` };
}
