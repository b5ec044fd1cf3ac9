import { deepEqual, equal, match } from "node:assert/strict";
import fc from "fast-check";
import { curlLine, framed, greeting, wrap } from "../../../tools/start/words.ts";

describe("words of npm start", () => {
  it("frames a text and says how much it cut", () => {
    const lines = framed("page 1", "one\ntwo\nthree\n", 60, 2).split("\n");
    equal(lines.length, 5);
    match(lines[0] ?? "", /^╭─ page 1 ─+$/);
    deepEqual(lines.slice(1, 4), ["│ one", "│ two", "│ … 1 more lines"]);
  });

  it("breaks lines without losing anything but spaces", () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 5, max: 40 }), (text, width) => {
        const lines = wrap(text, width);
        const solid = (value: string) => value.replace(/\s/g, "");
        return solid(lines.join("")) === solid(text) && lines.every((line) => line.length <= width);
      }),
    );
  });

  it("counts Chinese, Japanese and Korean characters as two columns", () => {
    deepEqual(wrap("日本語の文章は空白がないので", 10), ["日本語の文", "章は空白が", "ないので"]);
    deepEqual(wrap("請求書 No. 4711 合計", 12), ["請求書 No.", "4711 合計"]);
    const character = fc.constantFrom(..."日本語한국어abc ");
    const columns = (row: string) => [...row].reduce((sum, each) => sum + (each > "\u007f" ? 2 : 1), 0);
    fc.assert(
      fc.property(fc.string({ unit: character }), fc.integer({ min: 5, max: 40 }), (text, width) =>
        wrap(text, width).every((row) => columns(row) <= width),
      ),
    );
  });

  it("keeps the indentation of a line, and drops spaces at a break", () =>
    deepEqual(wrap("    - an item that is long", 16), ["    - an item", "that is long"]));

  it("gives curl the key by its variable only, and quotes paths", () => {
    equal(
      curlLine("http://127.0.0.1:8000", true, "/a b/it's.json", false),
      `curl -sS http://127.0.0.1:8000/v1/chat/completions -H 'Content-Type: application/json' -H "Authorization: Bearer $OCR_API_KEY" --data @'/a b/it'\\''s.json'`,
    );
  });

  it("says whether clients need a key", () => {
    const text = (key: boolean) => greeting({ port: 8000, key, requestFile: undefined, log: "/l", proxied: false });
    match(text(true), /with your key/);
    match(text(false), /without a key/);
  });

  it("names the port everywhere", () => {
    const text = greeting({ port: 8123, key: false, requestFile: "/x.json", log: "/l", proxied: true });
    match(text, /curl -sS --noproxy '\*' http/);
    equal(text.match(/127\.0\.0\.1:8123/g)?.length, 5);
    equal(text.includes("8000"), false);
  });
});
