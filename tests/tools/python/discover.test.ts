import { deepEqual, equal, match } from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { candidates, findPython, type Probe } from "../../../tools/python/discover.ts";

describe("finding Python", () => {
  const machine = (pythons: Record<string, [version: string, canMakeVenv?: boolean]>) => (command: string) => {
    const found = pythons[command];
    const [version = "", canMakeVenv = true] = found ?? [];
    return found && ({ executable: `/bin/${command}`, version, canMakeVenv } satisfies Probe);
  };
  const refusal = (...args: Parameters<typeof findPython>) => {
    try {
      return `found ${findPython(...args).command}`;
    } catch (error) {
      return (error as Error).message;
    }
  };

  it("tries python3, then the newest", () => {
    deepEqual(candidates(undefined).slice(0, 3), ["python3", "python3.14", "python3.13"]);
    deepEqual(candidates("/opt/python"), ["/opt/python"]);
  });

  it("takes python3 where it is new enough", () =>
    equal(findPython(undefined, machine({ python3: ["3.10.0"], "python3.12": ["3.12.1"] })).command, "python3"));

  it("passes over one that is too old, too new or without venv", () => {
    const found = machine({
      python3: ["3.8.1"],
      "python3.14": ["3.15.0"],
      "python3.13": ["3.13.0", false],
      "python3.12": ["3.12.1"],
    });
    equal(findPython(undefined, found).command, "python3.12");
  });

  it("says what to install where there is none", () => {
    const text = refusal(undefined, machine({ python3: ["3.8.18"] }));
    match(text, /Python 3\.10 to 3\.14 is needed/);
    match(text, /python3 is Python 3\.8\.18: too old/);
    match(text, /apt install python3 python3-venv/);
    match(text, /brew install/);
  });

  it("names Debian's missing package", () => {
    const text = refusal(undefined, machine({ python3: ["3.11.2", false] }));
    match(text, /cannot make virtual environments/);
    match(text, /apt install python3-venv \(or python3\.11-venv\)/);
  });

  it("keeps to OCR_PYTHON, even where another would do", () =>
    match(refusal("python2", machine({ python3: ["3.12.0"] })), /OCR_PYTHON is python2, which is not/));

  it("asks a real interpreter, and survives one that does not run", () => {
    const folder = mkdtempSync(join(tmpdir(), "ocr-test-"));
    const script = (name: string, body: string) => {
      writeFileSync(join(folder, name), `#!/bin/sh\n${body}\n`);
      chmodSync(join(folder, name), 0o755);
      return join(folder, name);
    };
    try {
      const answer = (canMakeVenv: boolean) =>
        `echo '${JSON.stringify({ base: "/usr/bin/x", version: "3.12.3", canMakeVenv })}'`;
      equal(findPython(script("fine", answer(true))).executable, "/usr/bin/x");
      match(refusal(script("shim", "echo 'pyenv: command not found' >&2; exit 127")), /is not a usable/);
      match(refusal(script("bare", answer(false))), /cannot make virtual environments/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
