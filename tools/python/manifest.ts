import { type Dirent, lstatSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const manifestFile = (environment: string) => join(environment, ".files");

/** Files that Python or an installation writes again by itself. */
const changing = new Set(["__pycache__", ".files", ".installed"]);

/** Note the size in bytes of every file of an environment, so that {@link damagedFiles} can compare. */
export function writeManifest(environment: string): void {
  const lines = [...files(environment, "")].map((path) => `${lstatSync(join(environment, path)).size} ${path}`);
  writeFileSync(manifestFile(environment), `${lines.join("\n")}\n`);
}

/** Forget them: an environment without this list counts as damaged. */
export function removeManifest(environment: string): void {
  rmSync(manifestFile(environment), { force: true });
}

/**
 * The files of an environment that are missing or of another size than when it was made, as paths in it. Looks at sizes
 * only, which takes about 0.1 s for 14,000 files; `undefined` if there is nothing to compare with.
 */
export function damagedFiles(environment: string): string[] | undefined {
  let manifest: string;
  try {
    manifest = readFileSync(manifestFile(environment), "utf8");
  } catch {
    return undefined;
  }
  return manifest
    .trimEnd()
    .split("\n")
    .map((line): [number, string] => [Number.parseInt(line, 10), line.slice(line.indexOf(" ") + 1)])
    .filter(([size, path]) => lstatSync(join(environment, path), { throwIfNoEntry: false })?.size !== size)
    .map(([, path]) => path);
}

function* files(environment: string, folder: string): Generator<string> {
  for (const entry of readdirSync(join(environment, folder), { withFileTypes: true }) as Dirent[]) {
    if (changing.has(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* files(environment, path);
    else yield path;
  }
}
