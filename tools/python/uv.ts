import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { lastLines, runChild } from "../bootstrap/childProcess.mjs";
import { withLock } from "../bootstrap/lock.mjs";
import { cacheDir, logDir, root } from "../bootstrap/paths.mjs";
import { discard, newStage } from "../bootstrap/staging.mjs";
import { UserError } from "../bootstrap/userError.mjs";

/** Folder of uv.in, and of uv.lock, which names uv's version. */
export const uvFolder = join(root, "tools", "python");

/**
 * The path of uv, installed first if this version is missing. It is in a folder of its own under .cache, because
 * it belongs to no environment.
 *
 * @param python interpreter whose pip installs it.
 * @throws {UserError} if it cannot be installed, as on a platform that uv has no build for.
 */
export async function installUv(python: string): Promise<string> {
  const lock = join(uvFolder, "uv.lock");
  const version = createHash("sha256").update(readFileSync(lock)).digest("hex").slice(0, 12);
  const folder = join(cacheDir, `uv-${version}`);
  const uv = join(folder, "bin", "uv");
  if (existsSync(uv)) return uv;
  await withLock(join(cacheDir, "locks", "uv"), async () => {
    if (existsSync(uv)) return;
    for (const name of readdirSync(cacheDir)) if (/^uv-.*\.new-/.test(name)) discard(join(cacheDir, name));
    const unfinished = newStage(cacheDir, `uv-${version}.new`);
    const { code, output } = await runChild(
      python,
      [
        ...["-m", "pip", "install", "--target", unfinished, "--no-deps", "--require-hashes", "--only-binary", ":all:"],
        ...["--no-input", "--disable-pip-version-check", "--retries", "1", "-r", lock],
      ],
      { log: join(logDir, "uv-install.log"), disposable: true },
    );
    if (code !== 0) {
      throw new UserError(`uv cannot be installed:\n${lastLines(output)}`);
    }
    rmSync(folder, { recursive: true, force: true });
    renameSync(unfinished, folder); // only a finished one gets the name that is looked for
  });
  return uv;
}
