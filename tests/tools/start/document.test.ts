import { deepEqual, throws } from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkDocument } from "../../../tools/start/document.ts";

describe("document", () => {
  let folder: string;
  const file = (name: string, content: string | Buffer) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "ocr-test-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  it("takes PDFs and images, by what is in them", () => {
    const png = Buffer.from("\x89PNG\r\n\x1a\n...", "latin1");
    deepEqual(checkDocument(file("page.PNG", png)), { path: join(folder, "page.PNG"), mime: "image/png" });
    deepEqual(checkDocument(file("page.jpg", png)).mime, "image/png");
    deepEqual(checkDocument(file("scan.pdf", "garbage before\n%PDF-1.7")).mime, "application/pdf");
    deepEqual(checkDocument(file("page.webp", "RIFF\0\0\0\0WEBPVP8 ")).mime, "image/webp");
  });

  it("says what is wrong with a file", () => {
    throws(() => checkDocument(join(folder, "nowhere.pdf")), /There is no file .*nowhere\.pdf/);
    throws(() => checkDocument(folder), /is not a file/);
    throws(() => checkDocument(file("notes.docx", "PK")), /neither a PDF nor an image/);
    throws(() => checkDocument(file("empty.png", "")), /empty\.png is empty \(0 bytes\)/);
    throws(() => checkDocument(file("text.png", "hello")), /text\.png is not an image, only its name says so/);
    throws(() => checkDocument(file("text.pdf", "hello")), /text\.pdf is not a PDF, only its name says so/);
  });
});
