import { existsSync } from "node:fs";
import { cp } from "node:fs/promises";
import { basename, join } from "node:path";

/**
 * All that `pulumi up` reads besides a stack's own file, as paths below the repository; a folder means everything in
 * it. Checkpoints, the npm package and copies for tests hold these and nothing else.
 */
export const program = [
  "index.ts",
  "components",
  "serve-app/ocr_app",
  "serve-app/requirements/pdf.lock",
  "Pulumi.yaml",
  "PulumiPlugin.yaml",
  "package.json",
  "package-lock.json",
  "tsconfig.json",
] as const;

/** Copies the program from one folder into another. Parts that `from` lacks are left out, and so are caches. */
export async function copyProgram(from: string, to: string): Promise<void> {
  for (const part of program) {
    const source = join(from, part);
    if (existsSync(source)) await cp(source, join(to, part), { recursive: true, filter: isSource });
  }
}

function isSource(path: string): boolean {
  const name = basename(path);
  return !name.startsWith(".") && name !== "__pycache__";
}
