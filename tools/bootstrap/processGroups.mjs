import { spawn } from "node:child_process";
import { constants } from "node:os";
import process from "node:process";
import { whenNpmIsGone } from "./npmGone.mjs";

/** Time in milliseconds between asking a process group to end and killing it. */
export const GRACE_MS = 5_000;
/** Pause in milliseconds between two looks at groups that should end. */
const POLL_MS = 50;
/** Exit code of a process that a signal ended, as a shell gives it: this plus the signal's number. */
export const SIGNALLED = 128;

/** @type {readonly NodeJS.Signals[]} */
const endings = ["SIGHUP", "SIGINT", "SIGTERM"];

/**
 * Waits for the end of its input, which comes when this process ends, even by SIGKILL; a line says that the group has
 * ended by itself. `kill -s`, because dash does not know `kill -TERM -- -NUMBER`.
 */
const GUARD = `
read -r _ && exit
kill -s "$2" -- "-$1"
for _ in 1 2 3 4 5; do kill -s 0 -- "-$1" || exit 0; sleep 1; done
kill -s KILL -- "-$1"
`;

/** Process groups that run now, by their leader's process id; true for those that are killed at once. */
const groups = /** @type {Map<number, boolean>} */ (new Map());
let forgetNpm = () => {};
let interrupted = false;

/** True once this process is ending because of a signal. */
export const isInterrupted = () => interrupted;

/**
 * End a process group when this process goes, whether by a signal, by itself or by SIGKILL.
 *
 * @param {number} group
 * @param {boolean} [disposable] whether it may be killed in the middle of anything; by default it gets the signal and
 *   {@link GRACE_MS} to tidy up
 * @returns {() => void} takes that back
 */
export function endsWithThisProcess(group, disposable = false) {
  if (groups.size === 0) {
    process.on("exit", killGroups);
    for (const signal of endings) process.on(signal, endOnSignal);
    forgetNpm = whenNpmIsGone(() => process.kill(process.pid, "SIGTERM"));
  }
  groups.set(group, disposable);
  const dismissGuard = guard(group, disposable ? "KILL" : "TERM");
  return () => {
    dismissGuard();
    groups.delete(group);
    if (groups.size > 0) return;
    process.off("exit", killGroups);
    for (const signal of endings) process.off(signal, endOnSignal);
    forgetNpm();
  };
}

/**
 * Send a signal to a process group; 0 only looks whether anything is left of it.
 *
 * @param {number | undefined} group
 * @param {NodeJS.Signals | 0} signal
 * @returns {boolean} false if nothing is left
 */
export function signalGroup(group, signal) {
  if (group === undefined) return false;
  try {
    return process.kill(-group, signal);
  } catch {
    return false;
  }
}

function killGroups() {
  for (const group of groups.keys()) signalGroup(group, "SIGKILL");
}

/**
 * Pass the signal on to the children, wait for them a little, then exit. A second signal exits at once.
 * @param {NodeJS.Signals} signal
 */
function endOnSignal(signal) {
  const code = SIGNALLED + constants.signals[signal];
  // A command that handles the signal itself, as `npm start` does, decides when this process ends.
  if (process.listenerCount(signal) > 1) return;
  if (interrupted) process.exit(code);
  interrupted = true;
  for (const [group, disposable] of groups) signalGroup(group, disposable ? "SIGKILL" : signal);
  const deadline = Date.now() + GRACE_MS;
  setInterval(() => {
    if (Date.now() > deadline || ![...groups.keys()].some((group) => signalGroup(group, 0))) process.exit(code);
  }, POLL_MS);
}

/**
 * A shell that ends the group once this process is gone. It leads a session of its own, so that no signal for this
 * process or its terminal ends it too.
 *
 * @param {number} group
 * @param {"TERM" | "KILL"} signal
 */
function guard(group, signal) {
  const shell = spawn("sh", ["-c", GUARD, "sh", String(group), signal], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  shell.on("error", () => {}); // no sh on the PATH: only SIGKILL of this process goes unnoticed
  shell.stdin.on("error", () => {});
  shell.unref();
  /** @type {import("node:net").Socket} */ (shell.stdin).unref();
  return () => void shell.stdin.end("\n");
}
