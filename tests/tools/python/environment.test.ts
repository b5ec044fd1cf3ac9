import { deepEqual, equal, match } from "node:assert/strict";
import { spawn } from "node:child_process";
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../../../tools/bootstrap/paths.mjs";
import { eventually, printed, readIfThere } from "../processes.ts";

/** Real processes in a checkout of their own, with a shell script in Python's place. */
describe("the Python environment", function () {
  this.timeout(180_000); // dozens of real processes, on a machine that may be busy
  let home: string;
  let checkout: string;
  beforeEach(() => {
    home = realpathSync(mkdtempSync(join(tmpdir(), "ocr-test-")));
    checkout = join(home, "clone");
    for (const part of ["tools/bootstrap", "tools/python"])
      cpSync(join(root, part), join(checkout, part), { recursive: true });
    writeFileSync(join(checkout, "package.json"), '{ "type": "module" }');
    for (const kind of ["cpu", "dev"]) lock(kind, "1");
    python("python", "3.12.4");
  });
  afterEach(() => rmSync(home, { recursive: true }));

  function lock(kind: string, version: string): void {
    mkdirSync(join(checkout, "serve-app/requirements"), { recursive: true });
    writeFileSync(join(checkout, `serve-app/requirements/${kind}.lock`), `six==${version}\n`);
  }

  /** An interpreter; `pip` is what its `pip install` does before it installs one file. Its environments are copies. */
  function python(name: string, version: string, pip = ":", machine = "x86_64"): string {
    const path = join(home, name);
    const answer = { version, home: "/usr", base: path, machine, canMakeVenv: true };
    writeFileSync(
      path,
      `#!/bin/bash
case "$*" in
  *"-I -c "*) echo '${JSON.stringify(answer)}' ;;
  "-m venv "*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" && printf '#!%s/bin/python\\n' "$3" >"$3/bin/tool" ;;
  "-m pip install --no-deps "*)
    echo "$0" >>${home}/installed
    ${pip}
    lib="$(dirname "$(dirname "$0")")/lib/python3.12/site-packages" && mkdir -p "$lib" && cat "\${@: -1}" >"$lib/six.py" ;;
  *) exit 1 ;;
esac
`,
    );
    chmodSync(path, 0o755);
    return path;
  }

  function start(kind = "cpu", variables: NodeJS.ProcessEnv = {}) {
    const module = JSON.stringify(pathToFileURL(join(checkout, "tools/python/environment.ts")));
    const program = `const { pythonEnvironment } = await import(${module});
      await pythonEnvironment("${kind}").then(console.log, (error) => { console.error(error.message); process.exit(1); });`;
    cpSync(join(home, "python"), join(home, "python3"));
    const env = { ...process.env, PATH: `${home}:${process.env.PATH}`, OCR_PYTHON: "", ...variables };
    const words = ["--import", join(root, "components/tsx.mjs"), "--input-type=module", "-e", program];
    const child = spawn(process.execPath, words, { cwd: root, env });
    return { child, ...printed(child) };
  }

  /** Run to the end; the environment that it gives, by the name of its folder. */
  async function ready(kind?: string, variables?: NodeJS.ProcessEnv): Promise<{ name: string; said: string }> {
    const { ended, output } = start(kind, variables);
    equal(await ended, 0, output.stderr);
    const interpreter = output.stdout.trim();
    equal(interpreter, join(realpathSync(join(checkout, ".venv")), "bin/python"));
    return { name: dirname(dirname(interpreter)), said: output.stderr };
  }
  const environments = () => readdirSync(join(checkout, ".cache/python/venv"));
  const six = (name = join(checkout, ".venv")) => join(name, "lib/python3.12/site-packages/six.py");
  const installations = () => readIfThere(join(home, "installed")).split("\n").length - 1;

  it("is made once, and made again beside when its lock file has changed", async () => {
    const first = await ready();
    equal((await ready()).name, first.name);
    equal(installations(), 1);
    lock("cpu", "2");
    const second = await ready();
    match(second.said, /\.venv is made again: serve-app\/requirements\/cpu\.lock has changed\./);
    equal(readFileSync(six(), "utf8"), "six==2\n");
    deepEqual(environments().length, 1);
  });

  it("stays as it was when pip fails, and the reason is said", async () => {
    const { name } = await ready();
    lock("cpu", "2");
    python("python", "3.12.4", "echo 'Temporary failure in name resolution' >&2; exit 1");
    cpSync(join(home, "python"), join(name, "bin/python"));
    writeFileSync(join(name, ".files"), ""); // the interpreter is another one now; that is not what is tested
    const { ended, output } = start();
    equal(await ended, 1);
    match(output.stderr, /Cannot reach the Python package index\.[\s\S]*\.venv is as it was before\.$/m);
    equal(realpathSync(join(checkout, ".venv")), name);
    equal(readFileSync(six(), "utf8"), "six==1\n");
    equal(environments().length, 1);
  });

  for (const signal of ["SIGINT", "SIGKILL"] as const) {
    it(`goes on working after ${signal} in the middle of a change, and what was left goes away`, async () => {
      const { name } = await ready();
      const { child, ended } = start("dev", { OCR_PYTHON: python("other", "3.12.4", `touch ${home}/waits; sleep 50`) });
      await eventually(() => readdirSync(home).includes("waits"));
      child.kill(signal);
      await ended;
      equal(environments().length, 2);
      // What was started may live a moment longer, and its folder is left alone until then.
      do equal((await ready()).name, name);
      while (environments().length > 1);
    });
  }

  it("of testers serves npm start too, whatever happens to dev.lock", async () => {
    const { name } = await ready("dev");
    equal((await ready("cpu")).name, name);
    lock("dev", "2");
    equal((await ready("cpu")).name, name);
    lock("cpu", "2");
    match((await ready("cpu")).name, /\/dev-3\.12-/);
  });

  it("heals where a file was cut short or deleted", async () => {
    for (const damage of [(path: string) => truncateSync(path, 1), (path: string) => rmSync(path)]) {
      await ready();
      damage(six());
      match((await ready()).said, /files are damaged or missing \(lib\/python3\.12\/site-packages\/six\.py\)/);
      equal(readFileSync(six(), "utf8"), "six==1\n");
    }
  });

  it("is made again where its Python is gone, is another one, or is for another kind of machine", async () => {
    const { name } = await ready();
    rmSync(join(name, "bin/python"));
    match((await ready()).said, /its Python does not run any more/);
    cpSync(python("newer", "3.13.0"), join(realpathSync(join(checkout, ".venv")), "bin/python"));
    match((await ready()).said, /its Python is 3\.13\.0 now, and its packages are for 3\.12/);
    cpSync(python("arm", "3.13.0", ":", "aarch64"), join(realpathSync(join(checkout, ".venv")), "bin/python"));
    match((await ready()).said, /it was made on a x86_64 machine, and this one is aarch64/);
  });

  it("is made with the Python that OCR_PYTHON names", async () => {
    await ready();
    const OCR_PYTHON = python("other", "3.11.9");
    const { name, said } = await ready("cpu", { OCR_PYTHON });
    match(said, /OCR_PYTHON is .*other, and it was made with Python 3\.12\.4/);
    match(name, /\/cpu-3\.11-/);
    equal((await ready("cpu", { OCR_PYTHON })).name, name);
    equal((await ready("cpu")).name, name);
  });

  it("moves with its checkout, without an installation", async () => {
    await ready();
    const moved = join(home, "moved");
    renameSync(checkout, moved);
    checkout = moved;
    const { name } = await ready();
    equal(readFileSync(join(name, "bin/tool"), "utf8"), `#!${name}/bin/python\n`);
    equal(installations(), 1);
  });

  it("takes the place of a folder that an older version made", async () => {
    mkdirSync(join(checkout, ".venv/bin"), { recursive: true });
    match((await ready()).said, /an older version of this repository made it/);
    equal(environments().length, 1);
  });

  it("is made by one process if two start at once", async () => {
    const both = [start(), start()];
    deepEqual(await Promise.all(both.map(({ ended }) => ended)), [0, 0]);
    equal(installations(), 1);
  });
});
