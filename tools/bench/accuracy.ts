import { runChild } from "../bootstrap/childProcess.mjs";
import { serveApp } from "../bootstrap/paths.mjs";
import { pythonEnvironment } from "../python/environment.ts";

/**
 * `npm run bench -- accuracy [OPTIONS]`: how much of a page comes back, by olmOCR-bench's rules; `--help` has the options.
 * Returns the exit code.
 */
export async function benchAccuracy(args: readonly string[]): Promise<number> {
  const python = await pythonEnvironment("dev");
  return (await runChild(python, ["-m", "bench.accuracy", ...args], { cwd: serveApp, output: "inherit" })).code;
}
