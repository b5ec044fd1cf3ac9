import { equal } from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { type Fact, factSchema, failure } from "../../../deploy/score/facts.ts";

const page = `# Annual report

The **net income** rose.

| | 2024 | 2025 |
|---|---|---|
| Revenue | 1,136 | 2,532 |
| Cost | 680 | 1,892 |

Signed in Berlin.`;

const html = `<table><tr><td></td><td colspan="2">Year ended</td></tr><tr><td rowspan="2">Group</td><td>2024</td><td>2025</td></tr>
<tr><td>1,136</td><td>2,532</td></tr></table>`;

const fact = (value: object): Fact => factSchema.parse(value);

const holds: Readonly<Record<string, readonly [object, string]>> = {
  "a present text, whatever its case and spaces": [{ type: "present", text: "NET  income rose" }, page],
  "a present text with an error": [{ type: "present", text: "net incorne rose", max_diffs: 2 }, page],
  "an absent text": [{ type: "absent", text: "Page 3" }, page],
  "a number inside another is absent": [{ type: "absent", text: "53" }, page],
  "an order": [{ type: "order", before: "Annual report", after: "Signed in" }, page],
  "a cell": [{ type: "table", cell: "2,532" }, page],
  "a cell with all its neighbours": [
    { type: "table", cell: "2,532", left: "1,136", down: "1,892", top_heading: "2025", left_heading: "Revenue" },
    page,
  ],
  "the cell above and the right one": [{ type: "table", cell: "680", up: "1,136", right: "1,892" }, page],
  "an HTML table with spans": [
    { type: "table", cell: "2,532", up: "2025", top_heading: "Year ended", left_heading: "Group" },
    html,
  ],
  "a cell with an error": [{ type: "table", cell: "2,53z", max_diffs: 1 }, page],
};

const fails: Readonly<Record<string, readonly [object, string, string]>> = {
  "a text that is missing": [{ type: "present", text: "net loss" }, page, '"net loss" is missing'],
  "a text with too many errors": [{ type: "present", text: "gross inc", max_diffs: 1 }, page, '"gross inc" is missing'],
  "a text that should be absent": [{ type: "absent", text: "berlin" }, page, '"berlin" should not be there'],
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
  for (const [name, [value, text]] of Object.entries(holds)) {
    it(`holds: ${name}`, () => equal(failure(fact(value), text), undefined));
  }
  for (const [name, [value, text, why]] of Object.entries(fails)) {
    it(`fails: ${name}`, () => equal(failure(fact(value), text), why));
  }

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
