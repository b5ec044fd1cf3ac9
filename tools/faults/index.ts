import { runChild } from "../bootstrap/childProcess.mjs";
import { serveApp } from "../bootstrap/paths.mjs";
import { pythonEnvironment } from "../python/environment.ts";

/**
 * `npm run test:faults [-- NAMES…]`: attack a running service and judge it; writes docs/benchmarks/faults.md. All of it is
 * in serve-app/faults. Returns the exit code: 0 if every goal was held.
 */
export async function testFaults(args: readonly string[]): Promise<number> {
  const python = await pythonEnvironment("dev");
  return (await runChild(python, ["-m", "faults", ...args], { cwd: serveApp, output: "inherit" })).code;
}
