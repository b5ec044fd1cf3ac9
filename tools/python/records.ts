import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/**
 * The packages of an environment whose files are not those that their authors released, by the record that every
 * package brings with it: names such as "ray".
 *
 * @param environment path of the environment.
 * @param options.hashes also compares the contents, which takes some seconds for 900 MB; by default only the sizes.
 */
export function damagedPackages(environment: string, options: { readonly hashes?: boolean } = {}): string[] {
  const damaged: string[] = [];
  for (const sitePackages of sitePackagesOf(environment)) {
    for (const name of readdirSync(sitePackages)) {
      if (!name.endsWith(".dist-info")) continue;
      const whole = recorded(join(sitePackages, name)).every(
        (file) => isWrittenLater(file.path) || isWhole(join(sitePackages, file.path), file, options.hashes ?? false),
      );
      if (!whole) damaged.push(name.replace(/-[^-]*\.dist-info$/, ""));
    }
  }
  return damaged;
}

/**
 * Programs, which an installer writes, and compiled modules: a few packages bring theirs and record them (numpy 2.3's
 * numpy/distutils/__pycache__), but the installer compiles them again.
 */
const isWrittenLater = (path: string) => path.startsWith("..") || path.includes("__pycache__/");

interface Recorded {
  readonly path: string;
  /** SHA-256 in base64url without padding. */
  readonly hash: string;
  readonly size: number;
}

/** Files of the record that have a hash and a size there; it has none for itself and for compiled files. */
function recorded(distInfo: string): Recorded[] {
  let record: string;
  try {
    record = readFileSync(join(distInfo, "RECORD"), "utf8");
  } catch {
    return []; // pip and uv always write one
  }
  return record.split(/\r?\n/).flatMap((line) => {
    const [, quoted, plain, hash, size] = /^(?:"((?:[^"]|"")*)"|([^,]*)),sha256=([\w-]+),(\d+)$/.exec(line) ?? [];
    const path = quoted?.replaceAll('""', '"') ?? plain;
    return path && hash ? [{ path, hash, size: Number(size) }] : [];
  });
}

function isWhole(path: string, { hash, size }: Recorded, hashes: boolean): boolean {
  if (statSync(path, { throwIfNoEntry: false })?.size !== size) return false;
  return !hashes || createHash("sha256").update(readFileSync(path)).digest("base64url") === hash;
}

function sitePackagesOf(environment: string): string[] {
  const lib = join(environment, "lib");
  return (existsSync(lib) ? readdirSync(lib) : [])
    .map((name) => join(lib, name, "site-packages"))
    .filter((path) => existsSync(path));
}
