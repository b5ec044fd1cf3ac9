import { equal, match, ok } from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import { parseArguments } from "../../deploy/args.ts";
import { MARKER } from "../../deploy/report/markdown.ts";

const root = new URL("../../", import.meta.url);
const text = (path: string) => readFileSync(new URL(path, root), "utf8");

interface Workflow {
  readonly jobs: Readonly<
    Record<string, { readonly steps?: readonly Step[]; readonly concurrency?: { "cancel-in-progress": boolean } }>
  >;
}
interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, string>>;
}

const workflows = readdirSync(new URL(".github/workflows/", root)).map(
  (name) => [name, parse(text(`.github/workflows/${name}`)) as Workflow] as const,
);

/** Values that a matrix or a shell would put in. */
const filled = (line: string) =>
  line.replace(/\$\{\{ matrix\.(\w+) \}\}|"\$(\w+)"/g, (_, name) => (name === "command" ? "drift" : "dev"));

describe("workflows", () => {
  const steps = workflows.flatMap(([name, { jobs }]) =>
    Object.values(jobs).flatMap(({ steps: list = [] }) => list.map((step) => [name, step] as const)),
  );
  const driven = steps.filter(([, { uses }]) => uses === "./.github/actions/deploy");

  it("are there for preview, deploy, drift and release", () => {
    const names = new Set(driven.map(([name]) => name));
    for (const name of ["preview.yml", "deploy.yml", "drift.yml", "release.yml"]) ok(names.has(name), name);
  });

  for (const [name, step] of driven) {
    const line = step.with?.arguments ?? "";
    it(`${name} gives a command line that is understood: ${line}`, () => {
      ok(parseArguments(filled(line).split(" ")) !== "help");
    });
  }

  it("give the action only inputs that it has", () => {
    const { inputs } = parse(text(".github/actions/deploy/action.yml")) as { inputs: Record<string, unknown> };
    for (const [name, step] of driven)
      for (const key of Object.keys(step.with ?? {})) ok(key in inputs, `${name}: ${key}`);
  });

  it("never cancel an update", () => {
    for (const [name, { jobs }] of workflows) {
      for (const { concurrency } of Object.values(jobs))
        if (concurrency) equal(concurrency["cancel-in-progress"], false, name);
    }
  });

  it("run npm scripts that exist", () => {
    const { scripts } = JSON.parse(text("package.json")) as { scripts: Record<string, string> };
    const named = steps.flatMap(([name, { run = "" }]) =>
      [...run.matchAll(/npm run (?:--silent )?([\w:]+)/g)].map(([, script = ""]) => [name, script] as const),
    );
    for (const [name, script] of named) ok(script in scripts, `${name}: ${script}`);
    for (const script of ["lint", "crds", "test:cluster", "test:e2e"])
      ok(
        named.some(([, one]) => one === script),
        script,
      );
  });

  it("use each action in one version, by commit, and name its release", () => {
    const files = [...workflows.map(([name]) => `.github/workflows/${name}`), ".github/actions/deploy/action.yml"];
    const uses = files.flatMap((file) =>
      [...text(file).matchAll(/uses: (?!\.\/)(.+)/g)].map(([, action = ""]) => ({ file, action })),
    );
    ok(uses.length > 0);
    for (const { file, action } of uses) match(action, /^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/, file);
    const versions = new Set(uses.map(({ action }) => action));
    equal(versions.size, new Set([...versions].map((action) => action.split("@")[0])).size, [...versions].join("\n"));
  });

  it("find their comment again by the summary's first line", () => equal(MARKER.includes("\n"), false));

  it("the GitLab example gives command lines that are understood", () => {
    const lines = [...text("examples/gitlab-ci.yml").matchAll(/npm run --silent deploy -- (.+)$/gm)].map(
      ([, line = ""]) => line,
    );
    equal(lines.length, 5);
    for (const line of lines) ok(parseArguments(filled(line).split(" ")) !== "help", line);
    ok(parse(text("examples/gitlab-ci.yml")));
  });
});
