import { deepEqual, equal, ok } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { versions } from "../components/config/versions.ts";

const text = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), "utf8");
const { version, engines } = JSON.parse(text("package.json")) as { version: string; engines: { node: string } };

/** Where else the version of this project stands; the first group of the pattern is the number. RELEASING.md lists them. */
const places: Readonly<Record<string, RegExp>> = {
  "package-lock.json": /^ {2}"version": "(.+)"/m,
  "policy/package.json": /"version": "(.+)"/,
  "serve-app/pyproject.toml": /^version = "(.+)"$/m,
  "serve-app/ocr_app/__init__.py": /^__version__ = "(.+)"$/m,
};

/** Files that name the CPU image with its tag, which is the version too. */
const imageNames = ["serve-app/Dockerfile", "Pulumi.kind.yaml", "tests/e2e/support/environment.ts"];

describe("the version", () => {
  for (const [path, pattern] of Object.entries(places)) {
    it(`is the one of package.json in ${path}`, () => equal(pattern.exec(text(path))?.[1], version));
  }

  for (const path of imageNames) {
    it(`is the tag of the CPU image wherever ${path} names it`, () => {
      const tags = [...text(path).matchAll(/deepseek-ocr-cpu:(\d+\.\d+\.\d+)/g)].map(([, tag]) => tag);
      deepEqual([...new Set(tags)], [version]);
    });
  }

  it("stands in no file that RELEASING.md does not name", () => {
    for (const path of ["package.json", ...Object.keys(places), ...imageNames])
      ok(text("RELEASING.md").includes(path), path);
  });
});

describe("the version of Python", () => {
  it("in the CPU image is that of the workers' image, whose head it can be", () => {
    const [, minor] = /^FROM python:(\d+\.\d+)\./m.exec(text("serve-app/Dockerfile")) ?? [];
    equal(minor, versions.python);
    ok(versions.rayLlmImage.includes(`-py${versions.python.replace(".", "")}-`));
  });
});

describe("the version of Node", () => {
  it("that developers get is one that package.json allows", () => {
    const [major = 0, minor = 0] = text(".node-version").trim().split(".").map(Number);
    const [oldestMajor = 0, oldestMinor = 0] = engines.node.replace(">=", "").split(".").map(Number);
    ok(major > oldestMajor || (major === oldestMajor && minor >= oldestMinor));
  });
});
