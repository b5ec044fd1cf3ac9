import { deepEqual, equal, match, ok } from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runChild } from "../../../tools/bootstrap/childProcess.mjs";

const node = (program: string, options: Parameters<typeof runChild>[2] = {}) =>
  runChild(process.execPath, ["-e", program], { limitSeconds: 20, ...options });

/** A program that leaves another one behind, which holds its output open; prints that one's process id. */
const leavesAChild = `
  const child = require("node:child_process").spawn(process.execPath, ["-e", "setTimeout(() => {}, 60_000)"], {
    stdio: "inherit",
  });
  console.log("child " + child.pid);
  child.unref();
`;

describe("a child process", () => {
  it("is kept with all that it prints", async () => {
    const { code, started, output, stdout } = await node("console.log('out'); console.error('err'); process.exit(3)");
    deepEqual([code, started], [3, true]);
    match(output, /out/);
    match(output, /err/);
    equal(stdout, "out\n");
  });

  it("ends when it ends, and takes what it left behind with it", async () => {
    const { code, output } = await node(leavesAChild);
    equal(code, 0);
    await gone(childIn(output));
  });

  it("is ended when its time is up, and says so", async () => {
    const program = `${leavesAChild} process.on("SIGTERM", () => {}); setInterval(() => {}, 1e3)`;
    const { code, output } = await node(program, { limitSeconds: 1 });
    equal(code, 124);
    match(output, /took longer than 1 s/);
    await gone(childIn(output));
  });

  it("is ended by its abort signal", async () => {
    const controller = new AbortController();
    const ended = node(`${leavesAChild} setInterval(() => {}, 1e3)`, {
      signal: controller.signal,
      onLine: () => controller.abort(),
    });
    const { code, output } = await ended;
    equal(code, 128 + 15);
    await gone(childIn(output));
  });

  it("is reported where it does not start", async () => {
    const { code, started, output } = await runChild("/no/such/program", []);
    deepEqual([code, started], [127, false]);
    match(output, /\/no\/such\/program does not start: .*ENOENT/);
  });

  it("hands on whole lines, and the last one without its end", async () => {
    const lines: string[] = [];
    const program = `process.stdout.write("one\\ntw"); setTimeout(() => process.stdout.write("o\\nthrée"), 100)`;
    await node(program, { onLine: (line) => lines.push(line) });
    deepEqual(lines, ["one", "two", "thrée"]);
  });

  it("writes a log as it goes, with characters that arrive in two parts kept whole", async () => {
    const folder = mkdtempSync(join(tmpdir(), "ocr-test-"));
    try {
      const log = join(folder, "new", "child.log");
      const program = `const b = Buffer.from("é€\\n"); process.stdout.write(b.subarray(0, 3));
        setTimeout(() => process.stdout.write(b.subarray(3)), 100)`;
      await node(program, { log });
      equal(readFileSync(log, "utf8"), "é€\n");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("children of a process that is told to end", () => {
  /** A process that runs `leavesAChild` and waits; `handler` is a statement that runs in it first. */
  const launch = (child: string, handler = "") => {
    const helper = new URL("../../../tools/bootstrap/childProcess.mjs", import.meta.url).href;
    const program = `
      ${handler}
      const { runChild } = await import(${JSON.stringify(helper)});
      const { code } = await runChild(process.execPath, ["-e", ${JSON.stringify(child)}], { output: "inherit" });
      console.log("went on after the child, code " + code);
      process.exit(99);`;
    return new Watched(spawn(process.execPath, ["--input-type=module", "-e", program]));
  };
  const waits = `${leavesAChild} setInterval(() => {}, 1e3);`;

  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const) {
    it(`all end with it on ${signal}, with the exit code of a shell`, async () => {
      const parent = launch(waits);
      const grandchild = await parent.child();
      parent.process.kill(signal);
      equal(await parent.ended, code);
      await gone(grandchild);
      equal(/went on/.test(parent.output), false, parent.output);
    });
  }

  it("get the signal and time to tidy up", async () => {
    const tidies = `process.on("SIGINT", () => setTimeout(() => { console.log("tidied up"); process.exit(0); }, 300));`;
    const parent = launch(tidies + waits);
    await parent.child();
    parent.process.kill("SIGINT");
    equal(await parent.ended, 130);
    match(parent.output, /tidied up/);
  });

  it("are killed at once by a second signal", async () => {
    const parent = launch(`process.on("SIGINT", () => console.log("not yet"));${waits}`);
    const grandchild = await parent.child();
    parent.process.kill("SIGINT");
    await parent.says(/not yet/);
    const began = Date.now();
    parent.process.kill("SIGINT");
    equal(await parent.ended, 130);
    ok(Date.now() - began < 4_000, "it waited for the child");
    await gone(grandchild);
  });

  it("go on where the process handles the signal itself, until it ends", async () => {
    const handler = `process.on("SIGTERM", () => setTimeout(() => process.exit(7), 500));`;
    const parent = launch(waits, handler);
    const grandchild = await parent.child();
    parent.process.kill("SIGTERM");
    await new Promise((resolve) => setTimeout(resolve, 100));
    ok(isAlive(grandchild));
    equal(await parent.ended, 7);
    await gone(grandchild);
  });
});

/** A process with what it has printed so far. */
class Watched {
  output = "";
  readonly ended: Promise<number | null>;

  constructor(readonly process: ChildProcess) {
    for (const stream of [process.stdout, process.stderr]) {
      stream?.setEncoding("utf8").on("data", (chunk: string) => {
        this.output += chunk;
      });
    }
    this.ended = new Promise((resolve) => process.once("close", resolve));
  }

  /** Resolves when it has printed this; the suite's own time limit is the test. */
  async says(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.output)) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  /** The process that {@link leavesAChild} left behind. */
  async child(): Promise<number> {
    await this.says(/child \d+\n/);
    return childIn(this.output);
  }
}

function childIn(output: string): number {
  return Number(/child (\d+)/.exec(output)?.[1]);
}

/** Resolves when the process is no more; the suite's own time limit is the test. */
async function gone(pid: number): Promise<void> {
  while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 50));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
