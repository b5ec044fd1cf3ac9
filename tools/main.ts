import { runChild } from "./bootstrap/childProcess.mjs";
import { nodeBin } from "./bootstrap/paths.mjs";
import { UserError } from "./bootstrap/userError.mjs";

/** Takes the words after its name and returns the exit code. */
type Command = (args: readonly string[]) => Promise<number>;

/** The commands that the scripts of package.json name. Each loads only what it needs; only some need Python. */
const commands: Readonly<Record<string, Command>> = {
  start: async (args) => (await import("./start/start.ts")).start(args),
  test: async (args) => (await import("./check/run.ts")).test(args),
  typecheck: (args) => node("tsc", "--noEmit", ...args),
  "test:ts": (args) => node("mocha", ...args),
  "test:e2e": (args) => node("mocha", "--config", "tests/e2e/.mocharc.json", ...args),
  "test:cluster": (args) => node("mocha", "--config", "tests/cluster/.mocharc.json", ...args),
  "test:vllm": async (args) => (await import("./vllm/test.ts")).testVllm(args),
  "test:faults": async (args) => (await import("./faults/index.ts")).testFaults(args),
  bench: async ([name, ...args]) => {
    if (name === "vllm") return (await import("./vllm/bench.ts")).benchVllm(args);
    if (name === "accuracy") return (await import("./bench/accuracy.ts")).benchAccuracy(args);
    if (name === "gpu") return (await import("./vllm/gpu.ts")).benchGpu(args);
    return (await import("./bench/index.ts")).bench(name === undefined ? [] : [name, ...args]);
  },
  deploy: async (args) => (await import("./deploy.ts")).deploy(args),
  render: (args) => typescript("tools/render/index.ts", ...args),
  generate: async (args) => {
    const code = await (await import("./maintain/schema.ts")).schema();
    return code === 0 ? typescript("tools/generate/index.ts", ...args) : code;
  },
  format: async () => (await import("./maintain/format.ts")).format(),
  lock: async (args) => (await import("./maintain/lock.ts")).lock(args),
  crds: async () => (await import("./maintain/crds.ts")).crds(),
};

/** Run one command of package.json; returns the exit code. */
export async function main([name = "", ...args]: readonly string[]): Promise<number> {
  const command = commands[name];
  if (!command) throw new UserError(`There is no command "${name}" (known: ${Object.keys(commands).join(", ")}).`);
  return command(args);
}

/** Run a TypeScript file in a process of its own, on this terminal; returns its exit code. */
async function typescript(file: string, ...args: readonly string[]): Promise<number> {
  const words = ["--import", "./components/tsx.mjs", file, ...args];
  return (await runChild(process.execPath, words, { output: "inherit" })).code;
}

/** Run the program of a Node package in the checkout, on this terminal; returns its exit code. */
async function node(program: string, ...args: readonly string[]): Promise<number> {
  return (await runChild(nodeBin(program), args, { output: "inherit" })).code;
}
