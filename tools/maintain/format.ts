import { runChild } from "../bootstrap/childProcess.mjs";
import { nodeBin, root, serveApp } from "../bootstrap/paths.mjs";
import { pythonEnvironment } from "../python/environment.ts";

/** `npm run format`: format every file and fix what the linters can fix. Returns the exit code. */
export async function format(): Promise<number> {
  const python = await pythonEnvironment("dev");
  const programs: [command: string, args: string[], cwd: string][] = [
    [nodeBin("biome"), ["check", "--write", "."], root],
    [python, ["-m", "ruff", "check", "--fix", "--config", "pyproject.toml", ".."], serveApp],
    [python, ["-m", "ruff", "format", "--config", "pyproject.toml", ".."], serveApp],
  ];
  let worst = 0;
  for (const [command, args, cwd] of programs) {
    const { code } = await runChild(command, args, { cwd, output: "inherit" });
    worst = Math.max(worst, code);
  }
  return worst;
}
