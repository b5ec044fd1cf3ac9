import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root } from "../bootstrap/paths.mjs";
import { pythonEnvironment } from "../python/environment.ts";

/** Bring all files into their format, and mend what the linters can mend. */
export async function format(): Promise<number> {
  const python = await pythonEnvironment("dev");
  const programs: [string, string[], string][] = [
    [join(root, "node_modules", ".bin", "biome"), ["check", "--write", "."], root],
    [python, ["-m", "ruff", "check", "--fix", "."], join(root, "serve-app")],
    [python, ["-m", "ruff", "format", "."], join(root, "serve-app")],
  ];
  const codes = programs.map(([command, args, cwd]) => spawnSync(command, args, { cwd, stdio: "inherit" }).status ?? 1);
  return Math.max(...codes);
}
