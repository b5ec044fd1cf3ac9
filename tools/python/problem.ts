import { join } from "node:path";
import { askInterpreter, type Interpreter, minorVersion } from "./interpreter.ts";
import { damagedFiles } from "./manifest.ts";
import { type Kind, lockHash, readStamp, type Stamp } from "./stamp.ts";

/** Why an environment cannot be used. */
export interface Problem {
  /** In words that go on after "is made again: ". */
  readonly text: string;
  /** Whether its files are not those that were installed. */
  readonly damaged?: boolean;
}

/**
 * Why an environment cannot be used as one of this kind; undefined if it can. Takes about 0.15 s.
 *
 * @param chosen `OCR_PYTHON`: the Python that it must have been made with.
 */
export function problemOf(
  environment: string,
  kind: Kind,
  chosen: string | undefined = process.env.OCR_PYTHON,
): Problem | undefined {
  const stamp = readStamp(environment);
  if (!stamp) return { text: "it is not finished, or an older version of this repository made it" };
  const python = askInterpreter(join(environment, "bin", "python"));
  if (!python) return { text: "its Python does not run any more; it was removed or changed" };
  const text = wrongPython(python, stamp) ?? notChosen(python, chosen) ?? wrongPackages(stamp, kind);
  return text ? { text } : damage(environment);
}

function wrongPython(python: Interpreter, stamp: Stamp): string | undefined {
  if (minorVersion(python.version) !== stamp.python)
    return `its Python is ${python.version} now, and its packages are for ${stamp.python}`;
  return python.machine === stamp.machine
    ? undefined
    : `it was made on a ${stamp.machine} machine, and this one is ${python.machine}`;
}

function notChosen(python: Interpreter, chosen: string | undefined): string | undefined {
  if (!chosen) return undefined;
  const wanted = askInterpreter(chosen);
  if (wanted && wanted.home === python.home && minorVersion(wanted.version) === minorVersion(python.version))
    return undefined;
  return `OCR_PYTHON is ${chosen}, and it was made with Python ${python.version} of ${python.home}`;
}

function wrongPackages(stamp: Stamp, kind: Kind): string | undefined {
  const locked = stamp.locks[kind];
  if (locked === lockHash(kind)) return undefined;
  return locked ? `serve-app/requirements/${kind}.lock has changed` : `it lacks packages of ${kind}.lock`;
}

function damage(environment: string): Problem | undefined {
  const damaged = damagedFiles(environment);
  if (!damaged) return { text: "its packages are damaged", damaged: true };
  const [first, ...others] = damaged;
  if (first === undefined) return undefined;
  const more = others.length > 0 ? ` and ${others.length} more` : "";
  return { text: `files are damaged or missing (${first}${more})`, damaged: true };
}
