import { nodeBin } from "../bootstrap/paths.mjs";
import { type Counts, mochaCounts, pytestCounts } from "./counts.ts";

/** One program of `npm test`. */
export interface Step {
  readonly name: string;
  readonly group: Group;
  readonly command: string;
  readonly args: readonly string[];
  /** Below the checkout. */
  readonly directory: string;
  /** Reads the test counts from its output; a checker without tests of its own counts as one. */
  readonly counts?: (output: string) => Counts | undefined;
}

export const groups = ["lint", "ts", "py"] as const;
export type Group = (typeof groups)[number];

/** Everything that `npm test` runs, longest first. */
export function steps(python: string): readonly Step[] {
  const py = (name: string, group: Group, ...args: string[]) =>
    ({ name, group, command: python, args: ["-m", ...args], directory: "serve-app" }) satisfies Step;
  const ts = (name: string, group: Group, program: string, ...args: string[]) =>
    ({ name, group, command: nodeBin(program), args, directory: "." }) satisfies Step;
  return [
    // Both suites share three processes among their files: many tests mostly wait for processes to start and end.
    { ...py("pytest", "py", "pytest", "-q", "-n", "3", "--ignore=tests/e2e"), counts: pytestCounts },
    { ...ts("mocha", "ts", "mocha", "--parallel", "--jobs", "3"), counts: mochaCounts },
    { ...py("pytest, end to end", "py", "pytest", "-q", "tests/e2e"), counts: pytestCounts },
    // Every Python file of the repository, by the configuration of serve-app.
    py("mypy", "lint", "mypy", ".."),
    ts("tsc", "lint", "tsc", "--noEmit"),
    ts("biome", "lint", "biome", "check", "."),
    py("ruff check", "lint", "ruff", "check", "--config", "pyproject.toml", ".."),
    py("ruff format", "lint", "ruff", "format", "--check", "--config", "pyproject.toml", ".."),
  ];
}
