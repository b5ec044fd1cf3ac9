import { mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { cacheDir, logDir, root } from "../bootstrap/paths.mjs";
import { UserError } from "../bootstrap/userError.mjs";

/** Folder with what running services of this checkout have written down about themselves. */
export const runDir = join(cacheDir, "run");

/** @throws {UserError} if this user cannot write to the checkout, or its disk is full. */
export function checkCheckout(): void {
  for (const folder of [runDir, logDir]) {
    const probe = join(folder, `.write-${process.pid}`);
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      writeFileSync(probe, "x");
    } catch (error) {
      throw new UserError(explain(folder, (error as NodeJS.ErrnoException).code ?? String(error)));
    } finally {
      rmSync(probe, { force: true });
    }
  }
}

function explain(folder: string, code: string): string {
  if (code === "ENOSPC" || code === "EDQUOT") return `The disk of ${root} is full. Free some space, then start again.`;
  const why =
    code === "EROFS" ? "it is on a read-only file system" : `this user (${userInfo().username}) may not${owner()}`;
  return (
    `${folder} cannot be written: ${why} (${code}).\n` +
    `The service keeps its packages, locks and logs in the checkout. Make one of your own, and start there: git clone ${root} ~/deepseek-ocr`
  );
}

function owner(): string {
  const { uid } = statSync(root);
  return uid === process.getuid?.() ? "" : `; the checkout belongs to user ${uid}`;
}
