import { existsSync, lstatSync, realpathSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { cacheDir } from "../bootstrap/paths.mjs";
import { commandLines } from "../bootstrap/processTable.mjs";
import { discard, newStage, stages } from "../bootstrap/staging.mjs";

/**
 * Where the environments are that a link such as `.venv` points to. An environment cannot be moved, because it has its
 * own path in many files; a link can be changed in one step.
 */
export function areaOf(link: string): string {
  return join(cacheDir, "python", basename(link).replace(/^\./, ""));
}

/** The environment that is in use, without links; undefined if there is none. */
export function current(link: string): string | undefined {
  try {
    return realpathSync(link);
  } catch {
    return undefined;
  }
}

/** Let `link` point to this environment. A folder in its place, as older versions made, is set aside. */
export function pointTo(link: string, environment: string): void {
  const target = relative(dirname(link), environment);
  const next = `${link}.${process.pid}`;
  rmSync(next, { force: true });
  symlinkSync(target, next);
  if (lstatSync(link, { throwIfNoEntry: false })?.isDirectory())
    renameSync(link, join(newStage(areaOf(link), "replaced"), "old"));
  renameSync(next, link);
}

/** The environments of this link that are not in use: replaced ones and those that were never finished. */
export function leftovers(link: string): string[] {
  const used = current(link);
  return stages(areaOf(link)).filter((path) => !used || !existsSync(path) || realpathSync(path) !== used);
}

/** Remove environments that no process runs from; a service may still use a replaced one. */
export function discardUnused(environments: readonly string[]): void {
  if (environments.length === 0) return;
  const running = commandLines();
  for (const each of environments) {
    if (!running.some((line) => line.includes(each))) discard(each);
  }
}
