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

  it("gives curl the key by its variable only, and quotes paths", () => {
    equal(
      curlLine("http://127.0.0.1:8000", true, "/a b/it's.json"),
      `curl -sS http://127.0.0.1:8000/v1/chat/completions -H 'Content-Type: application/json' -H "Authorization: Bearer $OCR_API_KEY" --data @'/a b/it'\\''s.json'`,
    );
  });

  it("names the port everywhere", () => {
    const text = greeting({ port: 8123, key: false, requestFile: "/x.json", log: "/l" });
    equal(text.match(/127\.0\.0\.1:8123/g)?.length, 5);
    equal(text.includes("8000"), false);
  });
});
