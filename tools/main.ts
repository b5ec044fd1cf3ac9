import { UserError } from "./bootstrap/userError.mjs";

/** Each command loads only what it needs. */
const commands: Record<string, (args: readonly string[]) => Promise<number>> = {
  start: async (args) => (await import("./start/start.ts")).start(args),
  format: async () => (await import("./maintain/format.ts")).format(),
  lock: async (args) => (await import("./maintain/lock.ts")).lock(args),
  crds: async () => (await import("./maintain/crds.ts")).crds(),
  schema: async () => (await import("./maintain/schema.ts")).schema(),
  bench: async ([name, ...args]) => {
    if (name === "vllm") return (await import("./vllm/bench.ts")).benchVllm(args);
    return (await import("./bench/index.ts")).bench(name === undefined ? [] : [name, ...args]);
  },
  "test:vllm": async (args) => (await import("./vllm/test.ts")).testVllm(args),
  test: async (args) => (await import("./check/run.ts")).test(args),
};

/** Run one command of package.json; returns the exit code. */
export async function main([name = "", ...args]: readonly string[]): Promise<number> {
  const command = commands[name];
  if (!command) throw new UserError(`There is no command "${name}" (known: ${Object.keys(commands).join(", ")}).`);
  return command(args);
}
