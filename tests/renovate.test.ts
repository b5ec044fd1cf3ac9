import { deepEqual, equal } from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { versions } from "../components/config/versions.ts";

interface CustomManager {
  readonly description: string;
  readonly managerFilePatterns: readonly string[];
  readonly matchStrings: readonly string[];
  readonly depNameTemplate?: string;
}

const text = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), "utf8");
const config = JSON.parse(text("renovate.json")) as {
  customManagers: readonly CustomManager[];
  pip_requirements: { managerFilePatterns: readonly string[] };
};

/** What Renovate reads by its custom managers, as "name version". */
const found = config.customManagers.flatMap(({ managerFilePatterns, matchStrings, depNameTemplate }) =>
  managerFilePatterns.flatMap((pattern) =>
    matchStrings.flatMap((match) =>
      [...text(pattern.slice(2, -2).replaceAll("\\", "")).matchAll(new RegExp(match, "g"))].map(
        ({ groups }) => `${groups?.depName ?? depNameTemplate} ${groups?.currentValue}`,
      ),
    ),
  ),
);

describe("renovate.json", () => {
  it("finds every version of components/config/versions.ts, and the one of Biome's schema", () => {
    const charts = Object.values(versions.charts).map(({ name, version }) => `${name} ${version}`);
    const { devDependencies } = JSON.parse(text("package.json")) as { devDependencies: Record<string, string> };
    deepEqual(
      [...found].sort(),
      [
        ...charts,
        versions.rayLlmImage.replace(":", " "),
        `ray ${versions.ray}`,
        `@biomejs/biome ${devDependencies["@biomejs/biome"]}`,
      ].sort(),
    );
  });

  it("reads every file from which Python packages are pinned", () => {
    const patterns = config.pip_requirements.managerFilePatterns.map((pattern) => new RegExp(pattern.slice(1, -1)));
    const files = ["serve-app/requirements", "tools/python"]
      .filter((folder) => existsSync(folder))
      .flatMap((folder) => readdirSync(folder).map((file) => `${folder}/${file}`))
      .filter((file) => file.endsWith(".in"));
    equal(files.length >= 3, true);
    for (const file of files) equal(patterns.filter((pattern) => pattern.test(file)).length, 1, file);
  });
});
