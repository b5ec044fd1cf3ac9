import { createHash } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { serveApp } from "../bootstrap/paths.mjs";

/** What an environment is for: `cpu` runs the app, `dev` also checks and tests it, `vllm-cpu` runs vLLM for its tests. */
export type Kind = "cpu" | "dev" | "vllm-cpu";

/** Text that marks a finished environment. */
export interface Stamp {
  readonly kind: Kind;
  /** SHA-256 of each lock file that it fulfils. */
  readonly locks: Partial<Record<Kind, string>>;
  /** Minor version of its Python, such as "3.12". */
  readonly python: string;
  /** Kind of machine, such as "x86_64". */
  readonly machine: string;
  /** Where it was made; scripts in its bin/ contain this path. */
  readonly folder: string;
}

const stampFile = (environment: string) => join(environment, ".installed");

/** The kinds that an environment serves. `dev` holds all that `cpu` needs (tests/tools/python/requirements.test.ts). */
const serves: Readonly<Record<Kind, readonly Kind[]>> = {
  cpu: ["cpu"],
  dev: ["dev", "cpu"],
  "vllm-cpu": ["vllm-cpu"],
};

/** The lock files that an environment of this kind fulfils, as they are now. */
export function locksOf(kind: Kind): Stamp["locks"] {
  return Object.fromEntries(serves[kind].map((each) => [each, lockHash(each)]));
}

/** Path of the lock file. */
export function lockFile(kind: Kind): string {
  return join(serveApp, "requirements", `${kind}.lock`);
}

export function lockHash(kind: Kind): string {
  return createHash("sha256")
    .update(readFileSync(lockFile(kind)))
    .digest("hex");
}

/** The stamp of an environment; undefined if it is not finished. */
export function readStamp(environment: string): Stamp | undefined {
  try {
    const stamp = JSON.parse(readFileSync(stampFile(environment), "utf8")) as Stamp;
    return stamp.kind in serves && stamp.locks ? stamp : undefined;
  } catch {
    return undefined;
  }
}

/** Mark an environment as finished; the last step of making it. */
export function writeStamp(environment: string, stamp: Stamp): void {
  const unfinished = `${stampFile(environment)}.${process.pid}`;
  writeFileSync(unfinished, `${JSON.stringify(stamp)}\n`);
  renameSync(unfinished, stampFile(environment));
}
