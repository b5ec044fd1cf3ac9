import { deepEqual, equal, match, notEqual, rejects } from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GoldenError, loadGolden } from "../../../deploy/score/golden.ts";

describe("loadGolden", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "golden-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);

  it("joins an image with its text and its facts", async () => {
    write("letter.png", "image");
    write("letter.md", "Dear reader");
    write(
      "letter.facts.jsonl",
      '{"type": "present", "text": "Dear"}\n\n{"type": "absent", "text": "x", "id": "no x"}\n',
    );
    write("README.md", "About these pages.");
    const [page, ...others] = await loadGolden([folder]);
    equal(others.length, 0);
    equal(page?.name, "letter");
    equal(page?.mediaType, "image/png");
    equal(page?.text, "Dear reader");
    deepEqual(
      page?.facts.map(({ id }) => id),
      ["line 1", "no x"],
    );
  });

  it("gives a page another hash when its expectation changes", async () => {
    write("letter.png", "image");
    write("letter.md", "one");
    const [before] = await loadGolden([folder]);
    write("letter.md", "two");
    const [after] = await loadGolden([folder]);
    notEqual(after?.hash, before?.hash);
  });

  it("tells everything that is wrong at once", async () => {
    write("silent.png", "image");
    write("orphan.md", "text");
    write("page.jpg", "image");
    write("page.facts.jsonl", '{"type": "present"}\nnot json\n{"type": "maybe"}\n');
    await rejects(loadGolden([folder, join(folder, "missing")]), (error: unknown) => {
      if (!(error instanceof GoldenError)) return false;
      match(error.message, /silent\.png: says nothing to compare with; add silent\.md or silent\.facts\.jsonl/);
      match(error.message, /orphan\.md: there is no image orphan\.png/);
      match(error.message, /page\.facts\.jsonl:1: text /);
      match(error.message, /page\.facts\.jsonl:2: /);
      match(error.message, /page\.facts\.jsonl:3: type type must be "present"/);
      match(error.message, /missing: ENOENT/);
      return true;
    });
  });

  it("refuses two pages of one name, and a folder without pages", async () => {
    await rejects(loadGolden([folder]), /there is no image/);
    write("letter.png", "image");
    write("letter.md", "text");
    await rejects(loadGolden([folder, folder]), /there is a page "letter" already/);
  });
});
