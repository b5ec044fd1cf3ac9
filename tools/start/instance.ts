import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isOurs, ownerOf, tryTake } from "../bootstrap/lock.mjs";
import { isAlive, processIds, statFields } from "../bootstrap/processTable.mjs";
import { runDir } from "./checkout.ts";
import { makeDirectory } from "./temporary.ts";

/** A running service of this checkout; each has its own port. */
export interface Instance {
  readonly port: number;
  /** Directory of Ray's sockets and logs. Short, because the path of a Unix socket may have 104 characters. */
  readonly directory: string;
  /** Record the Python process, so that the next start can clean up after a kill. */
  started(runner: number): void;
  /** Remove its files and its claim on the port. */
  release(): void;
}

interface Trace {
  readonly port: number;
  readonly pid: number;
  readonly directory: string;
  readonly runner?: number;
}

/**
 * Claim a port for this process; returns the process that holds it where another start of this checkout was first.
 *
 * @throws {UserError} if there is no place for temporary files.
 */
export function claim(port: number): Instance | { readonly heldBy: number } {
  mkdirSync(runDir, { recursive: true });
  const lock = join(runDir, `${port}.lock`);
  if (!tryTake(lock) && !tryTake(lock)) return { heldBy: ownerOf(lock) ?? 0 };
  const directory = makeDirectoryOr(() => rmSync(lock, { force: true }));
  const file = join(runDir, `${port}.json`);
  const write = (trace: Trace) => writeFileSync(file, JSON.stringify(trace));
  write({ port, pid: process.pid, directory });
  return {
    port,
    directory,
    started: (runner) => write({ port, pid: process.pid, directory, runner }),
    release: () => {
      rmSync(directory, { recursive: true, force: true });
      rmSync(file, { force: true });
      rmSync(lock, { force: true });
    },
  };
}

function makeDirectoryOr(giveUp: () => void): string {
  try {
    return makeDirectory();
  } catch (error) {
    giveUp();
    throw error;
  }
}

/**
 * Remove what services of this checkout left behind when they were killed: processes that survived, and files.
 *
 * @returns how many such services there were.
 */
export async function clearTraces(): Promise<number> {
  let cleared = 0;
  for (const trace of traces()) {
    if (isOurs(trace.pid)) continue;
    await endSession(trace.runner);
    rmSync(trace.directory, { recursive: true, force: true });
    rmSync(join(runDir, `${trace.port}.json`), { force: true });
    rmSync(join(runDir, `${trace.port}.lock`), { force: true });
    cleared += 1;
  }
  return cleared;
}

/**
 * Kill what is left of a session. The runner is started as the leader of its own (see service.ts), and Ray's processes
 * stay in it; process numbers are reused, a session number only when the whole session has ended.
 */
export async function endSession(leader: number | undefined): Promise<void> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const left = leader === undefined ? [] : sessionOf(leader);
    if (left.length === 0) return;
    if (attempt === 20) for (const pid of left) kill(pid);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Process ids of a session that still run. */
export function sessionOf(leader: number): number[] {
  if (process.platform !== "linux") return isAlive(leader) ? [leader] : [];
  return processIds().filter((pid) => {
    const [state, , , session] = statFields(pid);
    return session === String(leader) && state !== "Z";
  });
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // gone in between
  }
}

function traces(): Trace[] {
  let names: string[];
  try {
    names = readdirSync(runDir).filter((name) => name.endsWith(".json"));
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    try {
      return [JSON.parse(readFileSync(join(runDir, name), "utf8")) as Trace];
    } catch {
      rmSync(join(runDir, name), { force: true }); // cut short by a kill
      return [];
    }
  });
}
