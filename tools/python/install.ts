import { readFileSync } from "node:fs";
import { join } from "node:path";
import { lastLines, runChild } from "../bootstrap/childProcess.mjs";
import { logDir } from "../bootstrap/paths.mjs";
import { UserError } from "../bootstrap/userError.mjs";
import { countPinned, PipProgress, pipFailure } from "./pipProgress.ts";
import { uvVariables } from "./pipSettings.ts";
import { damagedPackages } from "./records.ts";
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
  /** Path of the environment. */
  readonly environment: string;
  /** Whether to compare what every installed file contains, because damage was seen before; else only the sizes. */
  readonly thorough?: boolean;
}

/**
 * Install the packages of a lock file with uv, which takes less than half of pip's time. pip does it instead if uv
 * has no build for this machine, has no counterpart of one of pip's settings, or fails: pip's errors are those that
 * {@link pipFailure} explains.
 *
 * @param detail gets what is being done now, for a progress line.
 * @throws {UserError} if pip fails too, or files are damaged even after a second installation.
 */
export async function installPackages(wanted: Installation, detail: (text: string) => void): Promise<void> {
  if (!(await uvInstall(wanted, detail))) await pipInstall(wanted, detail);
  const damaged = damagedIn(wanted);
  if (damaged.length > 0) {
    throw new UserError(
      `Files of ${damaged.join(", ")} are damaged right after their installation. Check the disk and its free space, then run the same command again.`,
    );
  }
}

/** uv's files are links to those in its cache, so what damaged an environment may have damaged the cache too. */
const damagedIn = ({ environment, thorough = false }: Installation) =>
  damagedPackages(environment, { hashes: thorough });

/** Try it with uv; false if that does not work. */
async function uvInstall(wanted: Installation, detail: (text: string) => void): Promise<boolean> {
  const { python } = wanted;
  detail("preparing uv");
  const { code: configCode, stdout } = await runChild(python, ["-m", "pip", "config", "list"]);
  const variables = configCode === 0 ? uvVariables(stdout) : undefined;
  if (!variables) return false;
  const uv = await installUv(python).catch((error: unknown) => {
    if (error instanceof UserError) return undefined;
    throw error;
  });
  if (!uv) return false;
  const run = (...options: readonly string[]) => runUv(uv, wanted, { ...process.env, ...variables }, detail, options);
  // Without the network, uv's cache may be enough.
  if (!(await run()) && !(await run("--offline"))) return false;
  const damaged = damagedIn(wanted);
  if (damaged.length === 0) return true;
  detail(`downloading ${damaged.join(", ")} again`);
  const cleaned = await runChild(uv, ["cache", "clean", ...damaged], { limitSeconds: CACHE_LIMIT_SECONDS });
  const again = damaged.flatMap((name) => ["--reinstall-package", name]);
  return run(...again, ...(cleaned.code === 0 ? [] : ["--no-cache"]));
}

/** Longest time in seconds that uv may wait for other processes of uv before it changes its cache. */
const CACHE_LIMIT_SECONDS = 30;

async function runUv(
  uv: string,
  { python, lock }: Installation,
  env: NodeJS.ProcessEnv,
  detail: (text: string) => void,
  options: readonly string[],
): Promise<boolean> {
  const progress = new UvProgress();
  const { code } = await runChild(
    uv,
    [
      ...["pip", "install", "--python", python, "--no-deps", "--require-hashes", "--requirements", lock, ...options],
      // As pip does: every index counts, and the system's certificates are trusted. The hashes keep both safe.
      ...["--index-strategy", "unsafe-best-match", "--system-certs"],
      // Also as pip does: with PYTHONDONTWRITEBYTECODE, every start would else compile all that it imports.
      ...["--compile-bytecode", "--color", "never", "--no-progress"],
    ],
    { env, onLine: (line) => detail(progress.read(line)), log: join(logDir, "uv.log"), disposable: true },
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
    { onLine: (line) => detail(progress.read(line)), log, disposable: true },
  );
  if (code === 0) return;
  throw new UserError(`${pipFailure(output, version)}\n${lastLines(output)}\nFull log: ${log}`);
}
