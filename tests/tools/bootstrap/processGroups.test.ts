import { equal } from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isAlive } from "../../../tools/bootstrap/processTable.mjs";
import { eventually, printed, readIfThere } from "../processes.ts";

const helper = new URL("../../../tools/bootstrap/childProcess.mjs", import.meta.url).href;

describe("a process group", function () {
  this.timeout(180_000);
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "ocr-test-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** A program that notes its process id and each SIGINT and SIGTERM, and ends at neither. */
  const stubborn = () => `
    const { appendFileSync, writeFileSync } = require("node:fs");
    for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => appendFileSync("${folder}/signals", signal));
    writeFileSync("${folder}/pid", process.pid + ".");
    setInterval(() => {}, 1e3);`;
  /** A program that runs it with runChild. */
  const parent = (options: object) => `
    const { runChild } = await import(${JSON.stringify(helper)});
    await runChild(process.execPath, ["-e", ${JSON.stringify(stubborn())}], ${JSON.stringify(options)});`;
  const pid = async () => Number((await eventually(() => /^(\d+)\.$/.exec(readIfThere(join(folder, "pid")))))[1]);
  const run = (program: string, env = process.env) =>
    spawn(process.execPath, ["--input-type=module", "-e", program], { env });

  for (const disposable of [false, true]) {
    it(`ends even if the process that started it is killed${disposable ? ", at once if it is disposable" : ""}`, async () => {
      const child = run(parent({ disposable }));
      const group = await pid();
      child.kill("SIGKILL");
      await eventually(() => !isAlive(group));
      equal(readIfThere(join(folder, "signals")), disposable ? "" : "SIGTERM");
    });
  }

  it("is killed on Ctrl-C without waiting if it is disposable", async () => {
    const child = run(parent({ disposable: true }));
    const { ended } = printed(child);
    const group = await pid();
    child.kill("SIGINT");
    equal(await ended, 130);
    equal(isAlive(group), false);
    equal(readIfThere(join(folder, "signals")), "");
  });

  for (const shell of ["takes the program's place", "stays between npm and the program"]) {
    it(`ends when npm is ended without passing that on, where npm's shell ${shell}`, async () => {
      const command = '"$0" --input-type=module -e "$1"';
      const script = JSON.stringify(shell.startsWith("takes") ? `exec ${command}` : `${command}; exit $?`);
      const npm = run(
        `import { spawn } from "node:child_process";
         spawn("sh", ["-c", ${script}, process.execPath, ${JSON.stringify(parent({}))}]);`,
        { ...process.env, npm_lifecycle_event: "start" },
      );
      const group = await pid();
      npm.kill("SIGKILL");
      await eventually(() => !isAlive(group));
      equal(readIfThere(join(folder, "signals")), "SIGTERM");
    });
  }
});
