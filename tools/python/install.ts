import { readFileSync } from "node:fs";
import { join } from "node:path";
import { lastLines, runChild } from "../bootstrap/childProcess.mjs";
import { logDir } from "../bootstrap/paths.mjs";
import { UserError } from "../bootstrap/userError.mjs";
import { countPinned, PipProgress, pipFailure } from "./pipProgress.ts";
import { uvVariables } from "./pipSettings.ts";
import { installUv } from "./uv.ts";
import { UvProgress } from "./uvProgress.ts";

/** What to install, and into which environment. */
export interface Installation {
  /** Interpreter of the environment. */
  readonly python: string;
  /** Its version, such as "3.12.4". */
  readonly version: string;
  /** Path of a lock file that names every package with its hashes. */
  readonly lock: string;
}

/**
 * Install the packages of a lock file with uv, which takes less than half of pip's time. pip does it instead if uv
 * has no build for this machine, has no counterpart of one of pip's settings, or fails: pip's errors are those that
 * {@link pipFailure} explains.
 *
 * @param detail gets what is being done now, for a progress line.
 * @throws {UserError} if pip fails too.
 */
export async function installPackages(wanted: Installation, detail: (text: string) => void): Promise<void> {
  if (await uvInstall(wanted, detail)) return;
  await pipInstall(wanted, detail);
}

/** Try it with uv; false if that does not work. */
async function uvInstall({ python, lock }: Installation, detail: (text: string) => void): Promise<boolean> {
  detail("preparing uv");
  const { code: configCode, stdout } = await runChild(python, ["-m", "pip", "config", "list"]);
  const variables = configCode === 0 ? uvVariables(stdout) : undefined;
  if (!variables) return false;
  const uv = await installUv(python).catch((error: unknown) => {
    if (error instanceof UserError) return undefined;
    throw error;
  });
  if (!uv) return false;
  const progress = new UvProgress();
  const { code } = await runChild(
    uv,
    [
      ...["pip", "install", "--python", python, "--no-deps", "--require-hashes", "--requirements", lock],
      // As pip does: every index counts, and the system's certificates are trusted. The hashes keep both safe.
      ...["--index-strategy", "unsafe-best-match", "--system-certs"],
      // Also as pip does: with PYTHONDONTWRITEBYTECODE, every start would else compile all that it imports.
      ...["--compile-bytecode", "--color", "never", "--no-progress"],
    ],
    {
      env: { ...process.env, ...variables },
      onLine: (line) => detail(progress.read(line)),
      log: join(logDir, "uv.log"),
    },
  );
  return code === 0;
}

/** `--no-deps`: the lock file names everything, and one package's wish for a GUI build of OpenCV is overridden there. */
async function pipInstall({ python, version, lock }: Installation, detail: (text: string) => void): Promise<void> {
  const log = join(logDir, "pip.log");
  const progress = new PipProgress(countPinned(readFileSync(lock, "utf8")));
  const { code, output } = await runChild(
    python,
    [
      ...["-m", "pip", "install", "--no-deps", "--require-hashes", "--no-input", "--progress-bar", "off"],
      ...["--disable-pip-version-check", "--no-warn-script-location", "-r", lock],
    ],
    { onLine: (line) => detail(progress.read(line)), log },
  );
  if (code === 0) return;
  throw new UserError(`${pipFailure(output, version)}\n${lastLines(output)}\nFull log: ${log}`);
}
