import { deepEqual } from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import fc from "fast-check";
import { factSchema, failure } from "../../../deploy/score/facts.ts";
import { python } from "../../helpers/python.ts";

const program = `
import json, sys
from bench.facts import check
for line in sys.stdin:
    case = json.loads(line)
    print(check(case["fact"], case["page"]) is None)
`;

const words = ["keeper", "Sand", "light", "62", "1,620", "“quote”", "**bold**", "naïve", "金额", "$9", "it’s", "𝑥𝑦"];
const text = fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 20 }).map((all) => all.join(" "));

/** A text with some characters replaced, left out or put in. */
const misread = (original: string, places: readonly number[]) =>
  places
    .reduce(
      (read, place) =>
        read.toSpliced(place % (read.length + 1), place % 3 < 2 ? 1 : 0, ...(place % 3 === 1 ? [] : ["z"])),
      [...original],
    )
    .join("");
const part = (page: string, from: number, size: number) => {
  const characters = [...page];
  return characters
    .slice(from % characters.length)
    .slice(0, size)
    .join("");
};

const limits = {
  places: fc.array(fc.nat(), { maxLength: 3 }),
  max_diffs: fc.nat(2),
};

const presence = fc
  .record({
    page: text,
    type: fc.constantFrom("present", "absent"),
    from: fc.nat(),
    size: fc.integer({ min: 1, max: 30 }),
    case_sensitive: fc.boolean(),
    first_n: fc.nat(40),
    last_n: fc.nat(40),
    ...limits,
  })
  .map(({ page, from, size, places, ...fact }) => ({
    fact: { ...fact, text: misread(part(page, from, size), places) },
    page,
  }));

/** Two misread places that do not overlap: where such a place begins is a matter of opinion, to a few characters. */
const order = fc
  .record({
    page: fc.shuffledSubarray(words, { minLength: 4 }),
    split: fc.integer({ min: 1, max: 3 }),
    swap: fc.boolean(),
    ...limits,
  })
  .map(({ page, split, swap, places, max_diffs }) => {
    const halves = [page.slice(0, split), page.slice(split)].map((half) => misread(half.join(" "), places));
    const [before, after] = swap ? halves.reverse() : halves;
    return { fact: { type: "order", before, after, max_diffs }, page: page.join(" ") };
  });

const cell = fc.constantFrom("1", "2", "2024", "1,136", "Cost", "C0st", "");
const html = fc
  .array(
    fc.array(fc.record({ cell, tag: fc.constantFrom("td", "td", "th"), rows: fc.nat(3), columns: fc.nat(3) }), {
      maxLength: 4,
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((rows) =>
    rows.map((row) =>
      row.map(({ cell: words, tag, rows: r, columns: c }) => `<${tag} rowspan=${r} colspan=${c}>${words}`).join(""),
    ),
  )
  .map((rows) => `<table>${rows.map((row) => `<tr>${row}`).join("")}</table>`);
const neighbour = fc.option(cell, { nil: undefined });
const table = fc
  .record({
    page: html,
    cell: cell.filter((words) => words !== ""),
    max_diffs: fc.nat(1),
    up: neighbour,
    left: neighbour,
    down: neighbour,
    right: neighbour,
    top_heading: neighbour,
    left_heading: neighbour,
  })
  .map(({ page, ...fact }) => ({ fact: { type: "table", ...fact }, page }));

describe("facts in TypeScript and in Python", () => {
  it("hold of the same pages", function () {
    if (!python) {
      console.log("      skipped: there is no Python environment; npm test makes one");
      return this.skip();
    }
    const all = [...fc.sample(presence, 200), ...fc.sample(order, 100), ...fc.sample(table, 100)];
    const cases = all.filter(({ fact }) => factSchema.safeParse(fact).success);
    const run = spawnSync(resolve(python), ["-c", program], {
      cwd: "serve-app",
      input: cases.map((one) => JSON.stringify(one)).join("\n"),
      encoding: "utf8",
    });
    const verdicts = run.stdout.trim().split("\n");
    const differ = cases.filter(
      ({ fact, page }, index) =>
        `${failure(factSchema.parse(fact), page) === undefined}` !== verdicts[index]?.toLowerCase(),
    );
    deepEqual(differ, [], run.stderr);
  });
});
