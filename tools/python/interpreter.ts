import { spawnSync } from "node:child_process";

/** What an interpreter says of itself. */
export interface Interpreter {
  /** Such as "3.12.4". */
  readonly version: string;
  /** The installation that it belongs to, without links; for a virtual environment the one that it was made with. */
  readonly home: string;
  /** Full path of that installation's interpreter. */
  readonly base: string;
  /** Such as "x86_64". */
  readonly machine: string;
  /** Whether `python -m venv` can make an environment with pip in it; Debian leaves that out of its python3. */
  readonly canMakeVenv: boolean;
}

const QUESTION = `
import importlib.util, json, os, sys
real = os.path.realpath
print(json.dumps({
    "version": "%d.%d.%d" % sys.version_info[:3],
    "home": real(sys.base_prefix),
    "base": getattr(sys, "_base_executable", None) or sys.executable,
    "machine": os.uname().machine,
    "canMakeVenv": all(map(importlib.util.find_spec, ("venv", "ensurepip"))),
}))
`;

/** Ask an interpreter, which takes some 20 ms; undefined if it does not run. */
export function askInterpreter(python: string): Interpreter | undefined {
  const { status, stdout } = spawnSync(python, ["-I", "-c", QUESTION], { encoding: "utf8", timeout: 20_000 });
  if (status !== 0) return undefined;
  try {
    return JSON.parse(stdout) as Interpreter;
  } catch {
    return undefined;
  }
}

/** "3.12" of "3.12.4": what decides which packages it can load. */
export function minorVersion(version: string): string {
  return version.split(".").slice(0, 2).join(".");
}
