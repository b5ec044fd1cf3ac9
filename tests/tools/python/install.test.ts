import { equal, match, rejects } from "node:assert/strict";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "../../../tools/bootstrap/userError.mjs";
import { installPackages } from "../../../tools/python/install.ts";

describe("installing Python packages", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "ocr-test-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** A Python that notes its command lines and is no use to uv; `pip` is what its `pip install -r LOCK` does. */
  const wanted = (config: string, pip: string) => {
    const python = join(folder, "python");
    const lock = join(folder, "x.lock");
    writeFileSync(lock, "six==1.17.0 \\\n    --hash=sha256:00\n");
    writeFileSync(
      python,
      `#!/bin/sh
echo "$*" >>${folder}/calls
case "$*" in
  "-m pip config list") echo "${config}" ;;
  "-m pip install --no-deps "*) ${pip} ;;
  *) echo "no use to uv" >&2; exit 1 ;;
esac
`,
    );
    chmodSync(python, 0o755);
    return { python, version: "3.12.0", lock, environment: folder };
  };
  const calls = () => readFileSync(join(folder, "calls"), "utf8");

  it("falls back to pip where uv cannot do it, and shows how far pip is", async () => {
    const details: string[] = [];
    await installPackages(wanted("", "echo 'Collecting six==1.17.0 (from -r x.lock)'"), (text) => details.push(text));
    match(calls(), /-m pip install --no-deps --require-hashes .* -r .*x\.lock/);
    equal(details.at(-1), "1 of 1: six 1.17.0");
  });

  it("does not try uv where pip has a setting that uv lacks", async () => {
    await installPackages(wanted("global.no-binary=':all:'", "true"), () => {});
    equal(calls().trim().split("\n").length, 2, calls());
  });

  it("says why pip failed, and where its log is", () =>
    rejects(
      installPackages(wanted("", "echo 'No space left on device' >&2; exit 1"), () => {}),
      (error) => {
        match(String(error), /The disk is full.*\nNo space left on device\nFull log: .*pip\.log/);
        return error instanceof UserError;
      },
    ));
});
