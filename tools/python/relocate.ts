import { readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeManifest } from "./manifest.ts";
import { readStamp, writeStamp } from "./stamp.ts";

/**
 * Correct the path of an environment in the scripts of its bin/, after the checkout was moved or copied. Its interpreter
 * works without that; what it cannot write, as in a read-only checkout, stays as it is.
 */
export function relocate(environment: string): void {
  const stamp = readStamp(environment);
  if (!stamp || stamp.folder === environment) return;
  try {
    for (const name of readdirSync(join(environment, "bin"))) {
      const path = join(environment, "bin", name);
      if (!statSync(path, { throwIfNoEntry: false })?.isFile()) continue;
      const bytes = readFileSync(path);
      // Programs in machine code do not hold the path; writing them as text would damage them.
      if (bytes.includes(0) || !bytes.includes(stamp.folder)) continue;
      const moved = `${path}.moved`;
      writeFileSync(moved, bytes.toString("utf8").replaceAll(stamp.folder, environment), {
        mode: statSync(path).mode,
      });
      renameSync(moved, path);
    }
    writeManifest(environment);
    writeStamp(environment, { ...stamp, folder: environment });
  } catch {
    // python -m NAME needs none of the scripts
  }
}
