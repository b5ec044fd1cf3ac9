import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";

/** What a child prints, as far as it has come, and its exit code. */
export function printed(child: ChildProcess) {
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name]?.setEncoding("utf8").on("data", (chunk: string) => {
      output[name] += chunk;
    });
  }
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  return { output, ended };
}

/** Resolves with the first value that is something; fails after two minutes, so that a failed test ends. */
export async function eventually<T>(get: () => T): Promise<NonNullable<T>> {
  const deadline = Date.now() + 120_000;
  while (Date.now() < deadline) {
    const value = get();
    if (value) return value;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`This did not come about within two minutes: ${get}`);
}

/** The text of a file; empty if there is none. */
export function readIfThere(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
