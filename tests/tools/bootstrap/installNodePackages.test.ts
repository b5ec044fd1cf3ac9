import { deepEqual, equal, match } from "node:assert/strict";
import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../../../tools/bootstrap/paths.mjs";
import { isAlive } from "../../../tools/bootstrap/processTable.mjs";
import { eventually, printed, readIfThere } from "../processes.ts";

/** Real processes in a checkout of their own, with a program in npm's place. */
describe("installing the Node packages", function () {
  this.timeout(180_000);
  let checkout: string;
  beforeEach(() => {
    checkout = mkdtempSync(join(tmpdir(), "ocr-test-"));
    cpSync(join(root, "tools/bootstrap"), join(checkout, "tools/bootstrap"), { recursive: true });
    lock("1.0.0");
  });
  afterEach(() => rmSync(checkout, { recursive: true }));

  const write = (path: string, text: string) => {
    mkdirSync(join(checkout, path, ".."), { recursive: true });
    writeFileSync(join(checkout, path), text);
  };
  const lock = (version: string) =>
    write("package-lock.json", JSON.stringify({ packages: { "node_modules/six": { version } } }));
  const read = (path: string) => readIfThere(join(checkout, path));
  const installed = () => read("node_modules/six/package.json");
  const stages = () => readdirSync(join(checkout, ".cache/node-packages"));

  /** What npm does, in the order in which it does it, with statements in between. */
  const npm = (before = "", between = "") => `
    const { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } = require("node:fs");
    const note = (text) => appendFileSync(${JSON.stringify(join(checkout, "notes"))}, text + "\\n");
    note("npm " + process.pid);
    rmSync("node_modules", { recursive: true, force: true });
    ${before};
    const lock = readFileSync("package-lock.json", "utf8");
    mkdirSync("node_modules/six", { recursive: true });
    writeFileSync("node_modules/six/package.json", JSON.parse(lock).packages["node_modules/six"].version);
    ${between};
    writeFileSync("node_modules/.package-lock.json", lock);`;
  const waits = `note("waits"); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50_000)`;

  function install(program: string) {
    write("npm-cli.js", program);
    const module = JSON.stringify(join(checkout, "tools/bootstrap/nodePackages.mjs"));
    const script = `(await import(${module})).installNodePackages({ dev: true }).catch((error) => {
      console.error(error.message); process.exit(1); });`;
    const env = { ...process.env, npm_execpath: join(checkout, "npm-cli.js") };
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], { env });
    return { child, ...printed(child) };
  }

  it("changes node_modules when the new one is finished", async () => {
    equal(await install(npm()).ended, 0);
    lock("2.0.0");
    const second = install(npm("", waits));
    await eventually(() => read("notes").includes("waits"));
    equal(installed(), "1.0.0");
    second.child.kill("SIGINT");
    equal(await second.ended, 130);
    equal(installed(), "1.0.0");
    equal(await install(npm()).ended, 0);
    equal(installed(), "2.0.0");
    deepEqual(stages(), []);
  });

  it("keeps the packages that are there where npm fails, and says so", async () => {
    equal(await install(npm()).ended, 0);
    lock("2.0.0");
    const { ended, output } = install(npm(`console.error("npm error code ENOTFOUND"); process.exit(1)`));
    equal(await ended, 1);
    match(output.stderr, /Cannot reach the npm registry.*\nnode_modules is as it was/);
    equal(installed(), "1.0.0");
    deepEqual(stages(), []);
  });

  it("is done by one process if two start at once", async () => {
    const [first, second] = [install(npm()), install(npm())];
    deepEqual(await Promise.all([first.ended, second.ended]), [0, 0]);
    equal(read("notes").match(/npm/g)?.length, 1);
  });

  it("begins again after kill -9, and npm does not go on alone", async () => {
    const { child, ended } = install(npm("", waits));
    await eventually(() => read("notes").includes("waits"));
    const [, pid] = /npm (\d+)/.exec(read("notes")) ?? [];
    child.kill("SIGKILL");
    await ended;
    equal(existsSync(join(checkout, "node_modules")), false);
    equal(await install(npm()).ended, 0);
    equal(installed(), "1.0.0");
    await eventually(() => !isAlive(Number(pid)));
    equal(await install(npm()).ended, 0);
    deepEqual(stages(), []);
    equal(read("notes").match(/npm/g)?.length, 2);
  });

  it("needs no npm where a killed process had finished all but the change", async () => {
    write(".cache/node-packages/new-x/node_modules/six/package.json", "1.0.0");
    write(".cache/node-packages/new-x/node_modules/.package-lock.json", read("package-lock.json"));
    write("node_modules/older", "");
    equal(await install("process.exit(1)").ended, 0);
    equal(installed(), "1.0.0");
    equal(existsSync(join(checkout, "node_modules/older")), false);
  });

  it("is done again where a package was deleted, or all are for another kind of machine", async () => {
    equal(await install(npm()).ended, 0);
    rmSync(join(checkout, "node_modules/six"), { recursive: true });
    equal(await install(npm()).ended, 0);
    equal(installed(), "1.0.0");
    write("node_modules/.machine", "plan9 mips");
    equal(await install(npm()).ended, 0);
    equal(readFileSync(join(checkout, "node_modules/.machine"), "utf8"), `${process.platform} ${process.arch}`);
  });
});
