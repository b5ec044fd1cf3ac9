import { UserError } from "../bootstrap/userError.mjs";
import { askInterpreter } from "./interpreter.ts";

/** The Python versions that Ray 2.60 and RapidOCR have wheels for. */
export const oldestPython = [3, 10] as const;
export const newestPython = [3, 14] as const;

/** A Python that can be used. */
export interface Python {
  readonly command: string;
  /** Full path of the interpreter. */
  readonly executable: string;
  /** Such as "3.12.4". */
  readonly version: string;
}

/** What a command on the PATH is. */
export interface Probe {
  readonly executable: string;
  readonly version: string;
  readonly canMakeVenv: boolean;
}

/** The commands to try, best first: `python3` in whatever version, then the newest. */
export function candidates(chosen: string | undefined): readonly string[] {
  if (chosen) return [chosen];
  const versions = range(newestPython[1], oldestPython[1]).map((minor) => `python3.${minor}`);
  return ["python3", ...versions, "python"];
}

/**
 * Find a Python to make the virtual environment with.
 *
 * @param chosen `OCR_PYTHON`: the only one to look at.
 * @throws {UserError} saying what was found and what to install.
 */
export function findPython(
  chosen: string | undefined = process.env.OCR_PYTHON,
  probe: (command: string) => Probe | undefined = probePython,
): Python {
  const seen: string[] = [];
  let withoutVenv: string | undefined;
  for (const command of candidates(chosen)) {
    const found = probe(command);
    if (!found) continue;
    const problem = versionProblem(found.version);
    if (!problem && found.canMakeVenv) return { command, executable: found.executable, version: found.version };
    if (!problem) withoutVenv ??= found.version;
    seen.push(`  ${command} is Python ${found.version}: ${problem ?? "it has no venv or no ensurepip"}`);
  }
  throw new UserError(explain(chosen, seen, withoutVenv));
}

function versionProblem(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major !== 3 || minor < oldestPython[1]) return "too old";
  return minor > newestPython[1] ? "too new, Ray has no build for it yet" : undefined;
}

function explain(chosen: string | undefined, seen: readonly string[], withoutVenv: string | undefined): string {
  const wanted = `Python ${oldestPython.join(".")} to ${newestPython.join(".")}`;
  const minor = withoutVenv?.split(".").slice(0, 2).join(".");
  const head = withoutVenv
    ? `Python ${withoutVenv} is installed, but cannot make virtual environments.`
    : chosen
      ? `OCR_PYTHON is ${chosen}, which is not a usable ${wanted}.`
      : `${wanted} is needed and was not found.`;
  const cure = withoutVenv
    ? `Debian, Ubuntu: sudo apt install python3-venv (or python${minor}-venv)`
    : [
        "Debian, Ubuntu: sudo apt install python3 python3-venv",
        "Fedora: sudo dnf install python3",
        "macOS: brew install python@3.12",
        "Anywhere: uv python install 3.12, or https://www.python.org/downloads/",
      ].join("\n  ");
  return [
    head,
    ...seen,
    "Install one:",
    `  ${cure}`,
    "If it is not on the PATH, name it with the variable OCR_PYTHON. Then run the same command again.",
  ].join("\n");
}

function probePython(command: string): Probe | undefined {
  const found = askInterpreter(command);
  return found && { executable: found.base, version: found.version, canMakeVenv: found.canMakeVenv };
}

function range(from: number, to: number): number[] {
  return Array.from({ length: from - to + 1 }, (_, index) => from - index);
}
