import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

/**
 * A new folder to install into, beside what is in use. Its name is used once: a process that outlived a killed command
 * may still write into an older one.
 *
 * @param {string} area folder of all such folders
 * @param {string} prefix beginning of its name
 * @returns {string} its path
 */
export function newStage(area, prefix) {
  const stage = join(area, `${prefix}-${randomBytes(4).toString("hex")}`);
  mkdirSync(stage, { recursive: true });
  return stage;
}

/**
 * The folders in an area, whole or not.
 * @param {string} area
 */
export function stages(area) {
  try {
    return readdirSync(area).map((name) => join(area, name));
  } catch {
    return [];
  }
}

/**
 * Put a finished folder where another one is in use. Whatever ends this process in between, one of the two is at
 * `place` or the finished one is still at `from`.
 *
 * @param {string} from
 * @param {string} place
 * @param {string} aside where the old one goes; it may not exist yet
 */
export function replaceFolder(from, place, aside) {
  const replaces = existsSync(place);
  if (replaces) renameSync(place, aside);
  try {
    renameSync(from, place);
  } catch (error) {
    if (replaces) renameSync(aside, place);
    throw error;
  }
}

/**
 * Remove a folder as far as possible; the next command tries again.
 * @param {string} folder
 */
export function discard(folder) {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  } catch {
    // a process still writes there, or the disk fails
  }
}
