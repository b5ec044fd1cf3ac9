import { existsSync, statSync } from "node:fs";
import { userInfo } from "node:os";
import { dirname } from "node:path";
import process from "node:process";
import { root } from "./paths.mjs";

const CLONE = `git clone ${root} ~/deepseek-ocr-pulumi`;

/**
 * What to do about an error of the file system that is not a defect here: a full disk, a folder that cannot be
 * written.
 *
 * @param {unknown} error
 * @returns {string | undefined} undefined for every other error
 */
export function fileProblem(error) {
  const { code, path = root } = /** @type {NodeJS.ErrnoException} */ (error ?? {});
  switch (code) {
    case "ENOSPC":
    case "EDQUOT":
      return `The disk is full: ${path} cannot be written. Free some space (everything together needs about 1.5 GB), then run the same command again.`;
    case "EROFS":
      return `${path} cannot be written: its file system is read-only. Run this in a clone that can be written: ${CLONE}`;
    case "EACCES":
    case "EPERM":
      return notAllowed(path);
    default:
      return undefined;
  }
}

/** @param {string} path */
function notAllowed(path) {
  const there = nearestExisting(path);
  const owner = statSync(there).uid;
  const me = process.getuid?.();
  const cure =
    owner === me
      ? `Allow it: chmod -R u+w ${there}`
      : `${there} belongs to another user (number ${owner}). Use a clone of your own: ${CLONE}\nOr make this one yours: sudo chown -R ${userName()} ${root}`;
  return `${path} cannot be used: permission denied. ${cure}\nThen run the same command again.`;
}

/** @param {string} path */
function nearestExisting(path) {
  let there = path;
  while (!existsSync(there) && dirname(there) !== there) there = dirname(there);
  return there;
}

function userName() {
  try {
    return userInfo().username;
  } catch {
    return "$(id -u)"; // a user that the system does not know, as in some containers
  }
}
