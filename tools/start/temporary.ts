import { mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { UserError } from "../bootstrap/userError.mjs";

/** Longest path of a Unix socket in bytes: 108 on Linux and 104 on macOS, with a zero at its end. */
const SOCKET_PATH = 103;
/** What Ray adds to the directory of an instance. */
const RAYS_PART = "/ray0/session_2026-11-25_20-29-19_964532_4194304/sockets/plasma_store";
const NAME = "ocr-XXXXXX";
/** Space in bytes for logs and the pages of a PDF; a start leaves a few MB. */
const NEEDED_BYTES = 64 * 2 ** 20;

/** Longest folder, in bytes, below which an instance may have its directory. */
export const LONGEST_FOLDER = SOCKET_PATH - RAYS_PART.length - NAME.length - 1;

/** Folders for temporary files, best first. */
export function temporaryFolders(env: NodeJS.ProcessEnv = process.env): string[] {
  const named = [env.TMPDIR, "/tmp", env.XDG_RUNTIME_DIR, "/var/tmp"];
  return [...new Set(named.flatMap((folder) => (folder ? [folder.replace(/(?<=.)\/+$/, "")] : [])))];
}

/**
 * Make an empty directory in the first folder where that works and that leaves Ray's sockets a short enough path.
 *
 * @throws {UserError} saying of each folder why it does not do.
 */
export function makeDirectory(folders: readonly string[] = temporaryFolders()): string {
  const reasons: string[] = [];
  for (const folder of folders) {
    const problem = problemOf(folder);
    if (!problem) {
      const made = tryToMake(folder);
      if ("directory" in made) return made.directory;
      reasons.push(`  ${folder}: ${made.problem}`);
    } else reasons.push(`  ${folder}: ${problem}`);
  }
  throw new UserError(
    `No folder for temporary files can be used:\n${reasons.join("\n")}\n` +
      "Free some space there, or name another folder with a short path: TMPDIR=/some/folder npm start",
  );
}

function problemOf(folder: string): string | undefined {
  if (!isAbsolute(folder)) return "the path is not absolute";
  if (Buffer.byteLength(folder) > LONGEST_FOLDER) {
    return `the path is longer than ${LONGEST_FOLDER} characters, too long for sockets below it`;
  }
  try {
    const { bavail, bsize } = statfsSync(folder);
    const free = bavail * bsize;
    const show = (bytes: number) => `${Math.floor(bytes / 2 ** 20)} MB`;
    return free < NEEDED_BYTES ? `${show(free)} are free and ${show(NEEDED_BYTES)} are needed` : undefined;
  } catch (error) {
    return inWords(error);
  }
}

function tryToMake(folder: string): { directory: string } | { problem: string } {
  let directory: string | undefined;
  try {
    directory = mkdtempSync(join(folder, "ocr-"));
    writeFileSync(join(directory, "serve.json"), "{}"); // a disk without inodes or above its quota shows only now
    return { directory };
  } catch (error) {
    if (directory) rmSync(directory, { recursive: true, force: true });
    return { problem: inWords(error) };
  }
}

function inWords(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const words: Record<string, string> = {
    ENOENT: "there is no such folder",
    EACCES: "it cannot be written",
    EPERM: "it cannot be written",
    EROFS: "it is read-only",
    ENOSPC: "it is full",
    EDQUOT: "it is full (quota)",
  };
  return words[code ?? ""] ?? message;
}
