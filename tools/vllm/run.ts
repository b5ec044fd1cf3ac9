import { spawn } from "node:child_process";
import { join } from "node:path";
import { root } from "../bootstrap/paths.mjs";

/** Run a program below serve-app, what it prints going straight through; it ends with this process. */
export function run(command: string, args: readonly string[], env: Record<string, string> = {}): Promise<number> {
  const child = spawn(command, args, {
    cwd: join(root, "serve-app"),
    stdio: "inherit",
    env: { ...process.env, ...env },
  });
  const end = () => child.kill("SIGINT");
  process.once("exit", end);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      process.off("exit", end);
      resolve(code ?? 1);
    });
  });
}
