import { deepEqual, equal, rejects } from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ProblemError } from "../../../deploy/problems.ts";
import { loadGoldenSet } from "../../../deploy/smoke/goldenSet.ts";

describe("loadGoldenSet", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "golden-set-"));
    await writeFile(join(folder, "a.png"), "image");
    await writeFile(join(folder, "a.facts.jsonl"), '{"type":"present","text":"418 pages"}\n');
  });
  afterEach(() => rm(folder, { recursive: true }));

  const usage = (what: RegExp) => (error: unknown) =>
    error instanceof ProblemError && error.problem.kind === "usage" && what.test(error.problem.what);

  it("sends the first page whose whole text is known", async () => {
    await writeFile(join(folder, "b.png"), "image");
    await writeFile(join(folder, "b.md"), "418 pages");
    const { pages, smoke } = await loadGoldenSet([folder]);
    deepEqual(
      pages.map(({ name }) => name),
      ["a", "b"],
    );
    equal(smoke.text, "418 pages");
  });

  it("refuses pages none of which has its whole text", () =>
    rejects(loadGoldenSet([folder]), usage(/^No golden page has its whole text\.$/)));

  it("says what is wrong with pages", () => rejects(loadGoldenSet([join(folder, "none")]), usage(/cannot be used/)));
});
