import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { lastLines, runChild } from "../bootstrap/childProcess.mjs";
import { withLock } from "../bootstrap/lock.mjs";
import { cacheDir, root, serveApp } from "../bootstrap/paths.mjs";
import { phase } from "../bootstrap/phase.mjs";
import { UserError } from "../bootstrap/userError.mjs";
import { findPython, type Python } from "./discover.ts";
import { installPackages } from "./install.ts";

/** What an environment is for: `cpu` runs the app, `dev` also checks and tests it, `vllm-cpu` runs vLLM for its tests. */
export type Kind = "cpu" | "dev" | "vllm-cpu";

/** Sizes on disk, shown during the installation. */
const sizes: Record<Kind, string> = { cpu: "about 900 MB", dev: "about 1 GB", "vllm-cpu": "about 7 GB" };

/**
 * The interpreter of the virtual environment `.venv`, made or brought up to date first if needed.
 *
 * @throws {UserError} if Python is missing, or its packages cannot be installed.
 */
export async function pythonEnvironment(kind: Kind, venv: string = join(root, ".venv")): Promise<string> {
  const python = join(venv, "bin", "python");
  if (isCurrent(kind, venv)) return python;
  await withLock(
    join(cacheDir, "locks", `${relative(root, venv).replace(/\W/g, "")}`),
    async () => {
      if (!isCurrent(kind, venv)) await build(kind, venv);
    },
    (owner) => process.stderr.write(`  Process ${owner} is installing the Python packages. Waiting for it.\n`),
  );
  return python;
}

/**
 * The interpreter of `.venv` for tools that need only its pip, whatever is installed there; made first if it is
 * missing.
 *
 * @throws {UserError} if Python is missing.
 */
export async function pythonWithPip(venv: string = join(root, ".venv")): Promise<string> {
  if (!venvVersion(venv)) await createVenv(findPython(), venv);
  return join(venv, "bin", "python");
}

/** Text that marks a finished environment; another lock file or another Python gives another text. */
export function stamp(lock: string, pythonVersion: string): string {
  return `${createHash("sha256").update(lock).digest("hex")} ${pythonVersion}`;
}

/** An environment for `dev` holds all that `cpu` needs, in the same versions (tests/tools/python/requirements.test.ts). */
function isCurrent(kind: Kind, venv: string): boolean {
  const found = readIfThere(stampFile(venv))?.trim();
  if (!found || !existsSync(join(venv, "bin", "python"))) return false;
  const version = found.split(" ")[1] ?? "";
  const enough: readonly Kind[] = kind === "cpu" ? ["cpu", "dev"] : [kind];
  return enough.some((each) => stamp(readLock(each), version) === found);
}

async function build(kind: Kind, venv: string): Promise<void> {
  const before = readIfThere(stampFile(venv));
  rmSync(stampFile(venv), { force: true }); // an installation that is cut short leaves no stamp
  let version = before ? venvVersion(venv) : undefined;
  if (!version) {
    const base = findPython();
    await phase(`Python ${base.version} environment`, () => createVenv(base, venv));
    version = base.version;
  }
  await phase(`Python packages (once, ${sizes[kind]})`, (detail) =>
    installPackages({ python: join(venv, "bin", "python"), version, lock: lockFile(kind) }, detail),
  );
  writeFileSync(stampFile(venv), `${stamp(readLock(kind), version)}\n`);
}

async function createVenv(base: Python, venv: string): Promise<void> {
  rmSync(venv, { recursive: true, force: true });
  const { code, output } = await runChild(base.executable, ["-m", "venv", venv]);
  if (code !== 0) {
    throw new UserError(
      `${base.executable} -m venv failed:\n${lastLines(output)}\n` +
        "On Debian and Ubuntu, install it and run the same command again: sudo apt install python3-venv",
    );
  }
}

/** Version of the environment's own interpreter; undefined if it no longer runs, as after an upgrade of the system. */
function venvVersion(venv: string): string | undefined {
  const code = "import platform, pip; print(platform.python_version())";
  const { status, stdout } = spawnSync(join(venv, "bin", "python"), ["-c", code], { encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
}

function stampFile(venv: string): string {
  return join(venv, ".installed");
}

function lockFile(kind: Kind): string {
  return join(serveApp, "requirements", `${kind}.lock`);
}

function readLock(kind: Kind): string {
  return readFileSync(lockFile(kind), "utf8");
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
