import { spawnSync } from "node:child_process";
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Hold a lock among processes of this machine while `work` runs. The file holds its owner's process id, so that a lock
 * whose owner was killed is taken over.
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
  writeFileSync(mine, String(process.pid));
  try {
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
  const pid = readPid(path);
  return pid !== undefined && isOurs(pid) ? pid : undefined;
}

/** @param {string} path */
function dropStale(path) {
  const seen = readPid(path);
  if (seen !== undefined && isOurs(seen)) return;
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch {
    return; // another process was faster
  }
  // Between reading and renaming, a third process may have taken the lock: give it back.
  if (readPid(aside) !== seen) {
    try {
      linkSync(aside, path);
    } catch {
      // and a fourth process holds it by now
    }
  }
  rmSync(aside, { force: true });
}

/** @param {string} path */
function readPid(path) {
  try {
    const pid = Number.parseInt(readFileSync(path, "utf8"), 10);
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
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
  if (!isAlive(pid)) return false;
  const { status, stdout } = spawnSync("ps", ["-p", String(pid), "-o", "command="], { encoding: "utf8" });
  return status === null || (status === 0 && /node|mocha/.test(stdout)); // null: small containers have no ps
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
