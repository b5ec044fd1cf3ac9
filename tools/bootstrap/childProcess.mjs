import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { constants } from "node:os";
import { dirname } from "node:path";
import process from "node:process";
import { StringDecoder } from "node:string_decoder";
import { root } from "./paths.mjs";
import { endsWithThisProcess, GRACE_MS, isInterrupted, SIGNALLED, signalGroup } from "./processGroups.mjs";

/**
 * @typedef {object} ChildOptions
 * @property {string} [cwd] working directory; the checkout by default
 * @property {NodeJS.ProcessEnv} [env] environment variables; those of this process by default
 * @property {"capture" | "inherit"} [output] `capture` (the default) keeps what it prints and gives it no input;
 *   `inherit` leaves input and output to the terminal
 * @property {number} [limitSeconds] longest time in seconds; past it the code is 124 and the output says so; no limit
 *   by default
 * @property {(line: string) => void} [onLine] called with each captured line as it comes
 * @property {string} [log] file that gets everything captured as it comes
 * @property {AbortSignal} [signal] ends the child when aborted
 * @property {boolean} [disposable] true if nothing is lost when it is killed in the middle of its work: then Ctrl-C does
 *   not wait for it
 */

/**
 * How a child ended.
 *
 * @typedef {object} Ended
 * @property {number} code exit code: 124 after a time limit, 127 if the command does not start, 128 plus the
 *   signal's number after a signal
 * @property {boolean} started false if the command does not start; `output` then says why
 * @property {string} output everything captured, in the order in which it came
 * @property {string} stdout what was captured of standard output alone
 */

/** Exit codes as those of timeout(1) and of a shell. */
const TIMED_OUT = 124;
const NOT_STARTED = 127;

/** Time in milliseconds in which output may still arrive after a child has ended. */
const LATE_OUTPUT_MS = 1_000;

/**
 * Run a command to its end, in a process group of its own. The whole group ends with the command, at its time limit,
 * and with this process (Ctrl-C, a closed terminal, a cancelled CI job, kill -9), so that nothing is left running.
 *
 * Never rejects because of how the command ends: look at `code`.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {ChildOptions} [options]
 * @returns {Promise<Ended>}
 */
export function runChild(command, args, options = {}) {
  const { cwd = root, env = process.env, output: mode = "capture", limitSeconds, signal, disposable } = options;
  return new Promise((resolve) => {
    const captured = new Captured(options);
    const child = spawn(command, args, {
      cwd,
      env,
      detached: true,
      stdio: mode === "inherit" ? "inherit" : ["ignore", "pipe", "pipe"],
    });
    const release = child.pid === undefined ? () => {} : endsWithThisProcess(child.pid, disposable);
    child.stdout?.on("data", (chunk) => captured.add("stdout", chunk));
    child.stderr?.on("data", (chunk) => captured.add("stderr", chunk));

    let timedOut = false;
    const stop = () => {
      signalGroup(child.pid, "SIGTERM");
      setTimeout(() => signalGroup(child.pid, "SIGKILL"), GRACE_MS).unref();
    };
    const limit =
      limitSeconds &&
      setTimeout(() => {
        timedOut = true;
        stop();
      }, limitSeconds * 1_000);
    signal?.addEventListener("abort", stop, { once: true });
    if (signal?.aborted) stop();

    let settled = false;
    const settle = (/** @type {number} */ code, started = true) => {
      if (settled || isInterrupted()) return;
      settled = true;
      clearTimeout(limit);
      signal?.removeEventListener("abort", stop);
      signalGroup(child.pid, "SIGKILL");
      release();
      child.stdout?.destroy();
      child.stderr?.destroy();
      captured.close();
      resolve({ code, started, output: captured.output, stdout: captured.stdout });
    };
    const ended = (/** @type {number | null} */ code, /** @type {NodeJS.Signals | null} */ by) => {
      if (timedOut && !settled) captured.add("stderr", `\nended here: it took longer than ${limitSeconds} s\n`);
      settle(timedOut ? TIMED_OUT : (code ?? SIGNALLED + (by ? constants.signals[by] : 0)));
    };
    child.on("error", (error) => {
      if (child.pid !== undefined) return; // it runs; only a signal could not be delivered
      const reason = `${command} does not start: ${error.message}\n`;
      if (mode === "inherit") process.stderr.write(reason);
      captured.add("stderr", reason);
      settle(NOT_STARTED, false);
    });
    child.on("close", ended);
    // A process that it left behind may hold its output open: then "close" does not come.
    child.on("exit", (code, by) => setTimeout(() => ended(code, by), LATE_OUTPUT_MS));
  });
}

/**
 * The end of what a child printed, for a message.
 *
 * @param {string} output
 * @param {number} [count] lines at most
 */
export function lastLines(output, count = 8) {
  return output.trim().split("\n").slice(-count).join("\n");
}

/** What a child printed, handed on as it comes. */
class Captured {
  output = "";
  stdout = "";
  #rest = { stdout: "", stderr: "" };
  #decoders = { stdout: new StringDecoder("utf8"), stderr: new StringDecoder("utf8") };
  #onLine;
  #log;

  /** @param {ChildOptions} options */
  constructor({ onLine, log }) {
    this.#onLine = onLine;
    if (log) mkdirSync(dirname(log), { recursive: true });
    this.#log = log ? openSync(log, "w") : undefined;
  }

  /**
   * @param {"stdout" | "stderr"} stream
   * @param {Buffer | string} chunk
   */
  add(stream, chunk) {
    const text = typeof chunk === "string" ? chunk : this.#decoders[stream].write(chunk);
    this.output += text;
    if (stream === "stdout") this.stdout += text;
    if (this.#log !== undefined) this.#write(this.#log, text);
    if (!this.#onLine) return;
    const lines = (this.#rest[stream] + text).split("\n");
    this.#rest[stream] = lines.pop() ?? "";
    for (const line of lines) this.#onLine(line);
  }

  /**
   * A log that cannot be written, as on a full disk, ends; the command goes on.
   * @param {number} log
   * @param {string} text
   */
  #write(log, text) {
    try {
      writeSync(log, text);
    } catch {
      closeSync(log);
      this.#log = undefined;
    }
  }

  close() {
    for (const rest of Object.values(this.#rest)) if (rest) this.#onLine?.(rest);
    if (this.#log !== undefined) closeSync(this.#log);
    this.#log = undefined;
  }
}
