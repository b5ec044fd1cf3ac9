import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { beganAt, commandLine, isAlive } from "./processTable.mjs";

/**
 * Hold a lock among processes of this machine while `work` runs. The file holds its owner's process id and when that
 * process began, so that a lock whose owner was killed is taken over, even if its number belongs to another by now.
 *
 * @template T
 * @param {string} path
 * @param {() => Promise<T>} work
 * @param {(owner: number) => void} [onWait] called once when another process holds it
 * @returns {Promise<T>}
 */
export async function withLock(path, work, onWait = () => {}) {
  mkdirSync(dirname(path), { recursive: true });
  let told = false;
  while (!tryTake(path)) {
    const owner = ownerOf(path);
    if (owner !== undefined && !told) {
      onWait(owner);
      told = true;
    }
    await sleep(200);
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

/**
 * Try to take the lock; true if this process holds it now. A link makes the file appear with its content, or not at
 * all.
 * @param {string} path
 */
export function tryTake(path) {
  const mine = `${path}.${process.pid}`;
  try {
    writeFileSync(mine, `${process.pid} ${beganAt(process.pid) ?? ""}`.trimEnd());
    linkSync(mine, path);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EEXIST") throw error;
    dropStale(path);
    return false;
  } finally {
    rmSync(mine, { force: true });
  }
}

/**
 * The process that holds the lock, if it still runs.
 * @param {string} path
 */
export function ownerOf(path) {
  const owner = read(path);
  return owner && holds(owner) ? owner.pid : undefined;
}

/**
 * Whether the process that wrote this still runs.
 * @param {{ pid: number, began: string }} owner
 */
function holds({ pid, began }) {
  if (!began) return isOurs(pid);
  const now = beganAt(pid);
  return now === undefined ? isAlive(pid) : now === began;
}

/** @param {string} path */
function dropStale(path) {
  const seen = read(path);
  if (seen && holds(seen)) return;
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch {
    return; // another process was faster
  }
  // Between reading and renaming, a third process may have taken the lock: give it back.
  if (read(aside)?.pid !== seen?.pid) {
    try {
      linkSync(aside, path);
    } catch {
      // and a fourth process holds it by now
    }
  }
  rmSync(aside, { force: true });
}

/** @param {string} path */
function read(path) {
  try {
    const [, pid = "", began = ""] = /^(\d+) ?(.*)/.exec(readFileSync(path, "utf8")) ?? [];
    return Number(pid) > 0 ? { pid: Number(pid), began } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Whether a process runs and is one of Node's: after a reboot the number may belong to any program.
 * @param {number} pid
 */
export function isOurs(pid) {
  if (pid === process.pid) return true;
  return isAlive(pid) && /node|mocha/.test(commandLine(pid) ?? "node"); // where it cannot be seen, it may be ours
}
