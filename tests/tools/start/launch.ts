import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { cacheDir, root } from "../../../tools/bootstrap/paths.mjs";
import { eventually } from "../processes.ts";

/** `npm start` as a person runs it, without npm: a process of its own, with what it has printed so far. */
export class Launch {
  readonly child: ChildProcess;
  output = "";
  readonly #ended: Promise<number | null>;

  constructor(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    this.child = spawn(process.execPath, ["tools/cli.mjs", "start", ...args], {
      cwd: root,
      env: { ...process.env, OCR_API_KEY: "", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding("utf8").on("data", (chunk: string) => {
        this.output += chunk;
      });
    }
    this.#ended = new Promise((resolve) => this.child.once("close", resolve));
  }

  /** Wait for something in its output; fails with the whole output when it ends without. */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    return eventually(() => {
      const found = pattern.exec(this.output);
      if (!found && (this.child.exitCode !== null || this.child.signalCode !== null)) {
        throw new Error(`It ended without saying ${pattern}:\n${this.output}`);
      }
      return found ?? undefined;
    }).catch((error: Error) => {
      throw new Error(`${error.message}\nIts output:\n${this.output}`);
    });
  }

  /** Its exit code, once it has ended. */
  ended(): Promise<number | null> {
    return this.#ended;
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }
}

/** What a running service has written down about itself; undefined before it has. */
export function trace(port: number): { directory: string; runner?: number } | undefined {
  try {
    return JSON.parse(readFileSync(join(cacheDir, "run", `${port}.json`), "utf8"));
  } catch {
    return undefined;
  }
}

/** A port that nobody has. */
export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
