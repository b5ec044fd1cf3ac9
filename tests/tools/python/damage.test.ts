import { deepEqual, equal, match } from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { damageProblem } from "../../../tools/python/damage.ts";
import { damagedFiles, writeManifest } from "../../../tools/python/manifest.ts";
import { damagedPackages } from "../../../tools/python/records.ts";

describe("damaged Python packages", () => {
  let environment: string;
  let sitePackages: string;
  beforeEach(() => {
    environment = mkdtempSync(join(tmpdir(), "ocr-test-"));
    sitePackages = join(environment, "lib/python3.12/site-packages");
    add("six", "six.py", "six = 6\n");
    add("seven-up", '"seven,up.py"', "seven = 7\n");
    writeManifest(environment);
  });
  afterEach(() => rmSync(environment, { recursive: true }));

  /** A package of one file, with the record that an installer writes. */
  function add(name: string, file: string, content: string): void {
    const info = join(sitePackages, `${name.replace("-", "_")}-1.0.dist-info`);
    mkdirSync(info, { recursive: true });
    writeFileSync(join(sitePackages, file.replaceAll('"', "")), content);
    const hash = createHash("sha256").update(content).digest("base64url");
    const program = `../../../bin/${name},sha256=abc,1`; // an installer writes its first line again
    writeFileSync(
      join(info, "RECORD"),
      `${file},sha256=${hash},${content.length}\r\n${program}\r\n${name}/RECORD,,\r\n`,
    );
  }

  it("are none where all is as it was installed", () => {
    equal(damageProblem(environment), undefined);
    deepEqual(damagedFiles(environment), []);
  });

  it("are no compiled modules that a package brings: the installer compiles them again", () => {
    mkdirSync(join(sitePackages, "six/__pycache__"), { recursive: true });
    add("six-compiled", "six/__pycache__/six.cpython-312.pyc", "as released");
    writeFileSync(join(sitePackages, "six/__pycache__/six.cpython-312.pyc"), "compiled here");
    deepEqual(damagedPackages(environment, { hashes: true }), []);
  });

  it("are seen by their sizes", () => {
    writeFileSync(join(sitePackages, "seven,up.py"), "seven");
    deepEqual(damagedPackages(environment), ["seven_up"]);
    deepEqual(damagedFiles(environment), ["lib/python3.12/site-packages/seven,up.py"]);
  });

  it("are seen after a failure even if the size is right, and installed again by the next command", () => {
    writeFileSync(join(sitePackages, "six.py"), "six = 0\n");
    deepEqual(damagedPackages(environment), []);
    deepEqual(damagedFiles(environment), []);
    match(damageProblem(environment) ?? "", /^Python packages are damaged: six\.\nRun the same command again/);
    equal(damagedFiles(environment), undefined);
  });
});
