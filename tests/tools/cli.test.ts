import { equal, match } from "node:assert/strict";
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../../tools/bootstrap/paths.mjs";
import { isAlive } from "../../tools/bootstrap/processTable.mjs";
import { eventually, printed, readIfThere } from "./processes.ts";

/** Every npm script goes through this entry, which installs the Node packages where they are missing. */
describe("the entry of every npm script", function () {
  this.timeout(180_000);
  let checkout: string;

  beforeEach(() => {
    checkout = mkdtempSync(join(tmpdir(), "ocr-test-"));
    cpSync(join(root, "tools/cli.mjs"), join(checkout, "tools/cli.mjs"));
    cpSync(join(root, "tools/bootstrap"), join(checkout, "tools/bootstrap"), { recursive: true });
    const packages = {
      "node_modules/six": { version: "1.0.0" },
      "node_modules/dev-only": { version: "1.0.0", dev: true },
    };
    write("package-lock.json", JSON.stringify({ packages }));
    write(".npmrc", "ignore-scripts=true");
  });
  afterEach(() => rmSync(checkout, { recursive: true }));

  function write(path: string, text: string): void {
    mkdirSync(join(checkout, path, ".."), { recursive: true });
    writeFileSync(join(checkout, path), text);
  }

  /** The entry in a checkout without Node packages, with a program in npm's place. */
  function cli(command: string, npm: string) {
    write("npm-cli.js", npm);
    const env = { ...process.env, npm_execpath: join(checkout, "npm-cli.js") };
    const child = spawn(process.execPath, ["tools/cli.mjs", command], { cwd: checkout, env });
    return { child, ...printed(child) };
  }

  it("installs with npm ci and without install scripts, and keeps standard output clean", async () => {
    const { ended, output } = cli(
      "deploy",
      `console.log("chatter", process.argv[2], require("node:fs").readFileSync(".npmrc", "utf8")); process.exit(1);`,
    );
    equal(await ended, 1);
    match(readFileSync(join(checkout, ".cache/logs/npm.log"), "utf8"), /^chatter ci ignore-scripts=true$/m);
    equal(output.stdout, "");
    match(output.stderr, /npm could not install the Node packages\.\nchatter .*\nFull log: .*npm\.log/);
  });

  it("says what to do where the registry cannot be reached", async () => {
    const { ended, output } = cli("typecheck", `console.error("npm error code ENOTFOUND"); process.exit(1);`);
    equal(await ended, 1);
    match(output.stderr, /Cannot reach the npm registry\..*set a proxy or a mirror with `npm config`/);
  });

  it("deploys without the development packages, where they were left out", async () => {
    write(
      "node_modules/.package-lock.json",
      JSON.stringify({ packages: { "node_modules/six": { version: "1.0.0" } } }),
    );
    write("node_modules/six/package.json", "{}");
    const npm = `console.error("installing"); process.exit(1);`;
    const deploy = cli("deploy", npm);
    await deploy.ended;
    equal(/Node packages/.test(deploy.output.stderr), false, deploy.output.stderr);
    const typecheck = cli("typecheck", npm);
    await typecheck.ended;
    match(typecheck.output.stderr, /Node packages/);
  });

  it("ends npm and everything it started on Ctrl-C", async () => {
    const { child, ended, output } = cli(
      "typecheck",
      `const child = require("node:child_process").spawn(process.execPath, ["-e", "setTimeout(() => {}, 60_000)"]);
       require("node:fs").writeFileSync(${JSON.stringify(join(checkout, "pids"))}, process.pid + " " + child.pid + ".");
       process.on("SIGINT", () => {});
       setInterval(() => {}, 1e3);`,
    );
    const pids = await eventually(() => /^(\d+) (\d+)\.$/.exec(readIfThere(join(checkout, "pids"))));
    child.kill("SIGINT");
    equal(await ended, 130, output.stderr);
    for (const pid of pids.slice(1)) await eventually(() => !isAlive(Number(pid)));
  });
});
