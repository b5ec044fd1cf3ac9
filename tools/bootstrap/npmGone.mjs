import process from "node:process";
import { beganAt, commandLine, parentOf } from "./processTable.mjs";

/** Pause in milliseconds between two looks at npm. */
const CHECK_MS = 500;
/** Who started this process, seen before anything can end it. */
const parent = process.ppid;

/**
 * Call `then` once when npm, which runs this process, has ended without it. npm ends at once on SIGTERM and SIGHUP and
 * does not pass them on, and it may be killed: from then on nobody could stop this process, and the next command would
 * meet it.
 *
 * @param {() => void} then
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {() => void} stops looking
 */
export function whenNpmIsGone(then, env = process.env) {
  if (!env.npm_lifecycle_event) return () => {};
  // Most shells let the command take their place. Debian's sh stays between npm and this process, and outlives npm.
  const npm = / -c /.test(commandLine(parent) ?? "") ? parentOf(parent) : undefined;
  const began = npm === undefined ? undefined : beganAt(npm);
  const timer = setInterval(() => {
    if (process.ppid === parent && (npm === undefined || beganAt(npm) === began)) return;
    clearInterval(timer);
    then();
  }, CHECK_MS);
  timer.unref();
  return () => clearInterval(timer);
}
