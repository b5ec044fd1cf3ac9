import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { PDF } from "../../../tools/start/document.ts";
import { Pages } from "../../../tools/start/pages.ts";
import { python } from "../../helpers/python.ts";

/** A PNG file of 4 x 4 pixels. */
const DOT = "iVBORw0KGgoAAAANSUhEUgAAAAQAAAAECAAAAACMmsGiAAAAEUlEQVR4nGP8z8DAwMSAQgAAE1EBB4BOjR4AAAAASUVORK5CYII=";

/** A PDF of so many empty pages. */
function pdf(pages: number): string {
  const kids = Array.from({ length: pages }, (_, index) => `${index + 3} 0 R`).join(" ");
  const objects = [
    "<</Type/Catalog/Pages 2 0 R>>",
    `<</Type/Pages/Count ${pages}/Kids[${kids}]>>`,
    ...Array.from({ length: pages }, () => "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 300]>>"),
  ];
  const body = objects.map((object, index) => `${index + 1} 0 obj${object}endobj\n`).join("");
  return `%PDF-1.4\n${body}trailer<</Root 1 0 R>>\n`;
}

describe("pages of a document", function () {
  this.timeout(60_000);
  let folder: string;
  let pages: Pages | undefined;

  before(function () {
    if (!python) this.skip();
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "ocr-test-"));
  });
  afterEach(async () => {
    await pages?.close();
    rmSync(folder, { recursive: true });
  });
  function open(name: string, content: string | Buffer, mime = PDF): Pages {
    writeFileSync(join(folder, name), content);
    pages = new Pages(resolve(python ?? ""), { path: join(folder, name), mime }, folder);
    return pages;
  }

  it("come one by one, however many there are, and fill no disk", async () => {
    const document = open("long.pdf", pdf(300));
    equal(await document.count(), 300);
    for (let number = 1; number <= 5; number++) {
      const { bytes, mime } = await document.next();
      equal(mime, "image/png");
      equal(bytes.subarray(1, 4).toString(), "PNG");
      ok(readdirSync(join(folder, "pages")).length <= 1, "only the next one is drawn ahead");
    }
  });

  it("of an image are the image", async () => {
    const bytes = Buffer.from(DOT, "base64");
    const document = open("dot.png", bytes, "image/png");
    equal(await document.count(), 1);
    deepEqual(await document.next(), { bytes, mime: "image/png" });
    ok(existsSync(join(folder, "dot.png")), "the user's own file stays");
  });

  it("of what cannot be read are a sentence", async () => {
    await rejects(open("broken.pdf", "%PDF-1.7 and nothing more").count(), {
      name: "UserError",
      message: /broken\.pdf cannot be read as a PDF/,
    });
    const damaged = Buffer.from("\x89PNG\r\n\x1a\n and nothing more", "latin1");
    await rejects(
      open("damaged.png", damaged, "image/png").count(),
      /damaged\.png cannot be read as an image: .*damaged/,
    );
  });
});
