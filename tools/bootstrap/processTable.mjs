import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import process from "node:process";

/** Linux has it in files; a program called ps is not everywhere there. */
const linux = process.platform === "linux";

/** Ids of all processes, on Linux. */
export function processIds() {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/**
 * The fields of /proc/N/stat from the third on: state, parent, group, session and so on; none if there is no such
 * process, or no such file on this system.
 *
 * @param {number} pid
 * @returns {string[]}
 */
export function statFields(pid) {
  const stat = read(`/proc/${pid}/stat`);
  return stat ? stat.slice(stat.lastIndexOf(")") + 2).split(" ") : [];
}

/**
 * The words that a process was started with, between spaces; undefined if that cannot be seen.
 *
 * @param {number} pid
 */
export function commandLine(pid) {
  if (linux) return read(`/proc/${pid}/cmdline`)?.replaceAll("\0", " ").trimEnd();
  return ask(pid, "command=");
}

/** The command lines of all processes that this user may see. */
export function commandLines() {
  if (linux) return processIds().map((pid) => commandLine(pid) ?? "");
  return spawnSync("ps", ["-axww", "-o", "command="], { encoding: "utf8" }).stdout?.split("\n") ?? [];
}

/**
 * When a process began, as a text to compare; undefined if that cannot be seen.
 *
 * @param {number} pid
 */
export function beganAt(pid) {
  if (!linux) return ask(pid, "lstart=");
  const fields = statFields(pid);
  const boot = read("/proc/sys/kernel/random/boot_id")?.trim();
  if (fields.length === 0 || !boot) return undefined;
  if (fields[0] === "Z") return "ended"; // a zombie does nothing any more
  return `${boot} ${fields[19]}`; // ticks since the boot
}

/**
 * @param {number} pid
 * @returns {number | undefined}
 */
export function parentOf(pid) {
  return Number(linux ? statFields(pid)[1] : ask(pid, "ppid=")) || undefined;
}

/** @param {number} pid */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === "EPERM";
  }
}

/**
 * @param {number} pid
 * @param {string} column
 */
function ask(pid, column) {
  const { stdout } = spawnSync("ps", ["-ww", "-p", String(pid), "-o", column], { encoding: "utf8" });
  return stdout?.trim() || undefined;
}

/** @param {string} path */
function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
