import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cacheDir, logDir } from "../bootstrap/paths.mjs";

/** Folder with what running services of this checkout have written down about themselves. */
export const runDir = join(cacheDir, "run");

/** Fails now, and not in the middle of a start, if this user cannot write to the checkout; fileError.mjs has the words. */
export function checkCheckout(): void {
  for (const folder of [runDir, logDir]) {
    const probe = join(folder, `.write-${process.pid}`);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    try {
      writeFileSync(probe, "x");
    } finally {
      rmSync(probe, { force: true }); // a full disk has room for its name
    }
  }
}
