import { equal, throws } from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkDocument, readPages } from "../../../tools/start/document.ts";

describe("document", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "ocr-test-"));
    writeFileSync(join(folder, "page.PNG"), "png bytes");
    writeFileSync(join(folder, "notes.docx"), "");
  });
  after(() => rmSync(folder, { recursive: true }));

  it("takes an image as it is", async () => {
    const [page, ...more] = await readPages("no python needed", checkDocument(join(folder, "page.PNG")));
    equal(page?.mime, "image/png");
    equal(page?.bytes.toString(), "png bytes");
    equal(more.length, 0);
  });

  it("says what is wrong with a file", () => {
    throws(() => checkDocument(join(folder, "nowhere.pdf")), /There is no file .*nowhere\.pdf/);
    throws(() => checkDocument(folder), /is not a file/);
    throws(() => checkDocument(join(folder, "notes.docx")), /neither a PDF nor an image/);
  });
});
