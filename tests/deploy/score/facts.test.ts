import { equal, match } from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { type Fact, factSchema, failure } from "../../../deploy/score/facts.ts";

interface Case {
  readonly name: string;
  readonly fact: object;
  readonly page: string;
  readonly holds: boolean;
}

/** The cases that Python's twin, serve-app/bench/facts, is tested with too. */
const cases = readFileSync(new URL("../../facts/cases.jsonl", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as Case);

const page = `# Annual report

The **net income** rose.

| | 2024 | 2025 |
|---|---|---|
| Revenue | 1,136 | 2,532 |
| Cost | 680 | 1,892 |

Signed in Berlin.`;

const fact = (value: object): Fact => factSchema.parse(value);

const fails: Readonly<Record<string, readonly [object, string, string]>> = {
  "a text that is missing": [{ type: "present", text: "net loss" }, page, '"net loss" is missing'],
  "a text with too many errors": [{ type: "present", text: "gross inc", max_diffs: 1 }, page, '"gross inc" is missing'],
  "a text that should be absent": [{ type: "absent", text: "Berlin" }, page, '"Berlin" should not be there'],
  "a wrong order": [
    { type: "order", before: "Signed in", after: "Annual report" },
    page,
    '"Signed in" comes after "Annual report"',
  ],
  "an order of which a part is missing": [
    { type: "order", before: "Preface", after: "Signed" },
    page,
    '"Preface" is missing',
  ],
  "no table": [{ type: "table", cell: "1" }, "Just words.", "there is no table"],
  "no such cell": [{ type: "table", cell: "9" }, page, 'no table has a cell "9"'],
  "a cell elsewhere": [
    { type: "table", cell: "680", left_heading: "Revenue" },
    page,
    'cell "680" does not have left_heading "Revenue"',
  ],
};

describe("failure", () => {
  for (const { name, fact: value, page: text, holds } of cases) {
    it(`${holds ? "holds" : "fails"}: ${name}`, () => {
      const why = failure(fact(value), text);
      equal(why === undefined, holds, why);
    });
  }

  for (const [name, [value, text, why]] of Object.entries(fails)) {
    it(`says why: ${name}`, () => equal(failure(fact(value), text), why));
  }

  it("finds a text wherever it stands", () => {
    const word = fc.stringMatching(/^[a-z]{1,8}$/);
    fc.assert(
      fc.property(
        fc.array(word),
        word,
        fc.array(word),
        fc.integer({ min: 0, max: 2 }),
        (before, sought, after, diffs) => {
          const read = [...before, sought, ...after].join(" ");
          equal(failure(fact({ type: "present", text: sought, max_diffs: diffs }), read), undefined);
          equal(failure(fact({ type: "absent", text: sought, max_diffs: diffs }), read) === undefined, false);
        },
      ),
    );
  });
});

describe("factSchema", () => {
  const refused: Readonly<Record<string, readonly [object, RegExp]>> = {
    "an unknown type": [{ type: "maybe" }, /type must be "present", "absent", "order" or "table"/],
    "an empty text": [{ type: "present", text: "" }, /must not be empty/],
    "a text of marks alone": [{ type: "present", text: "**" }, /must not be empty/],
    "a negative max_diffs": [{ type: "present", text: "a", max_diffs: -1 }, /must be 0 or more/],
    "more than half of a text of order": [
      { type: "order", before: "First", after: "Then that", max_diffs: 3 },
      /must be at most half of the length of before and of after/,
    ],
  };
  for (const [name, [value, message]] of Object.entries(refused)) {
    it(`refuses ${name}`, () =>
      match(`${factSchema.safeParse(value).error?.issues.map((issue) => issue.message)}`, message));
  }

  it("takes half of a text of order", () => {
    equal(factSchema.safeParse({ type: "order", before: "Firs", after: "Then that", max_diffs: 2 }).success, true);
  });

  it("reads the facts of olmOCR-bench", function () {
    const file = new URL("../../../../shared/pages/expected.jsonl", import.meta.url);
    if (!existsSync(file)) {
      console.log("      skipped: ../shared/pages is not here");
      return this.skip();
    }
    const lines = readFileSync(file, "utf8").trim().split("\n");
    equal(
      lines.every((line) => factSchema.safeParse(JSON.parse(line)).success),
      true,
    );
  });
});
