import { deepEqual, ok } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cruise, type ICruiseOptions, type ICruiseResult, type IFlattenedRuleSet } from "dependency-cruiser";

interface Configuration {
  readonly forbidden: readonly { readonly name: string; readonly to: { readonly path?: unknown } }[];
  readonly options: ICruiseOptions;
}

const { forbidden, options } = createRequire(import.meta.url)("../.dependency-cruiser.cjs") as Configuration;

describe("imports", function () {
  this.timeout(60_000);
  let result: ICruiseResult;

  before(async () => {
    const ruleSet = { forbidden } as unknown as IFlattenedRuleSet;
    const { output } = await cruise(["index.ts", "components", "policy", "deploy", "tools", "tests"], {
      ...options,
      validate: true,
      ruleSet,
    });
    result = output as ICruiseResult;
  });

  it("go down from floor to floor, and never in a circle", () => {
    const found = result.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`);
    deepEqual(found, []);
  });

  it("are all looked at", () => {
    const sources = new Set(result.modules.map(({ source }) => source));
    for (const file of ["index.ts", "components/index.ts", "deploy/main.ts", "tools/cli.mjs", "tests/imports.test.ts"])
      ok(sources.has(file), file);
  });

  it("have the floors that docs/architecture.md explains", () => {
    const text = readFileSync(new URL("../docs/architecture.md", import.meta.url), "utf8");
    const section = /^## Floors$(.+?)^## /ms.exec(text)?.[1] ?? "";
    const rows = [...section.matchAll(/^\| `([^`]+)` /gm)].map(([, name = ""]) => name.replace(/\/$/, ""));
    const floors = forbidden.map(({ name }) => name).filter((name) => !name.includes(" "));
    deepEqual(rows, [...floors.slice(0, floors.indexOf("serve-app")), "tests", "serve-app"]);
  });
});
