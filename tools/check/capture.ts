import { type ChildProcess, spawn } from "node:child_process";

/** How a program ended, with all that it printed. */
export interface Captured {
  readonly code: number;
  readonly output: string;
}

/** Exit code of a program that was ended because its time was up, as of timeout(1). */
const TIMED_OUT = 124;
/** Between asking a program to end and ending it. */
const GRACE_MILLISECONDS = 5_000;
/** What a program printed last may still be on its way when it has ended. */
const LAST_WORDS_MILLISECONDS = 1_000;

/**
 * Run a program in a process group of its own and keep what it prints. The group ends with the program, with its time,
 * and with this process (Ctrl-C, or a CI job that is cancelled), so that nothing it left behind goes on, or holds its
 * output open.
 *
 * @param limitSeconds longest time; past it the code is 124 and the output says so.
 */
export function capture(
  command: string,
  args: readonly string[],
  { cwd, limitSeconds }: { readonly cwd: string; readonly limitSeconds: number },
): Promise<Captured> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    const release = endsWithThisProcess(child);
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (chunk: string) => {
        output += chunk;
      });
    }
    let timedOut = false;
    const limit = setTimeout(() => {
      timedOut = true;
      endGroup(child, "SIGTERM");
      setTimeout(() => endGroup(child, "SIGKILL"), GRACE_MILLISECONDS).unref();
    }, limitSeconds * 1_000);
    let settled = false;
    const settle = (code: number, lastWords = "") => {
      if (settled) return;
      settled = true;
      clearTimeout(limit);
      release();
      endGroup(child, "SIGKILL");
      child.stdout.destroy();
      child.stderr.destroy();
      resolve({ code, output: output + lastWords });
    };
    const ended = (code: number | null) =>
      timedOut ? settle(TIMED_OUT, `\nended here: it took longer than ${limitSeconds} s\n`) : settle(code ?? 1);
    child.on("error", (error) => settle(127, `${command} does not start: ${error.message}`));
    child.on("close", ended);
    child.on("exit", (code) => setTimeout(() => ended(code), LAST_WORDS_MILLISECONDS));
  });
}

/** Ends the child's group when this process goes; the function returned takes that back. */
function endsWithThisProcess(child: ChildProcess): () => void {
  const atExit = () => endGroup(child, "SIGKILL");
  const onSignal = (signal: NodeJS.Signals) => {
    endGroup(child, signal);
    process.exit(signal === "SIGINT" ? 130 : 143);
  };
  process.once("exit", atExit);
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  return () => {
    process.off("exit", atExit);
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
  };
}

function endGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // Nobody is left in it.
  }
}
