import { equal, match } from "node:assert/strict";
import { capture } from "../../../tools/check/capture.ts";

const node = (program: string, limitSeconds = 20) =>
  capture(process.execPath, ["-e", program], { cwd: ".", limitSeconds });

/** A program that leaves another one behind, which holds its output open; prints that one's process id. */
const leavesAChild = `
  const child = require("node:child_process").spawn(process.execPath, ["-e", "setTimeout(() => {}, 60_000)"], {
    stdio: "inherit",
  });
  console.log("child " + child.pid);
  child.unref();
`;

describe("a program of npm test", () => {
  it("is kept with all that it prints", async () => {
    const { code, output } = await node("console.log('out'); console.error('err'); process.exit(3)");
    equal(code, 3);
    match(output, /out/);
    match(output, /err/);
  });

  it("ends when it ends, and takes what it left behind with it", async () => {
    const { code, output } = await node(leavesAChild);
    equal(code, 0);
    const pid = Number(/child (\d+)/.exec(output)?.[1]);
    await gone(pid);
  });

  it("is ended when its time is up, with a word about it", async () => {
    const { code, output } = await node(
      `${leavesAChild} process.on("SIGTERM", () => {}); setInterval(() => {}, 1e3)`,
      1,
    );
    equal(code, 124);
    match(output, /took longer than 1 s/);
    await gone(Number(/child (\d+)/.exec(output)?.[1]));
  });
});

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
