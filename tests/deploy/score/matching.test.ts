import { deepEqual, equal } from "node:assert/strict";
import fc from "fast-check";
import { contains, firstStart, lastStart, normalize, oneUnitEach } from "../../../deploy/score/matching.ts";

const letters = fc.stringMatching(/^[abc ]{1,40}$/);

describe("normalize", () => {
  it("folds characters of print, white space and emphasis", () => {
    equal(
      normalize("The\n\u201cFirst\u201d  **page** \u2013 it\u2019s\u0085\u00b5"),
      'The "First" page - it\'s \u03bc',
    );
  });
});

describe("oneUnitEach", () => {
  it("gives the same character the same unit in all texts", () => {
    const [a = "", b = ""] = oneUnitEach(["x𝑎y𝑏", "𝑏"]);
    deepEqual([a.length, b.length, a.indexOf(b)], [4, 1, 3]);
  });
});

describe("contains", () => {
  /** The definition: some part that is as long as the text, or shorter at either end of the page, is like it. */
  const byDefinition = (page: string, text: string, maxDiffs: number) =>
    Array.from({ length: page.length + text.length - 1 }, (_, index) => index + 1 - text.length).some((start) =>
      contains(page.slice(Math.max(0, start), start + text.length), text, maxDiffs),
    );

  it("finds what trying every place finds", () => {
    fc.assert(
      fc.property(letters, fc.stringMatching(/^[abc ]{1,12}$/), fc.nat(4), (page, text, maxDiffs) => {
        fc.pre(page.length > text.length);
        equal(contains(page, text, maxDiffs), byDefinition(page, text, maxDiffs));
      }),
      { numRuns: 1000 },
    );
  });

  it("reads a page of six thousand characters in less than a second", () => {
    const page = "The keeper wrote each evening what the wind had done. ".repeat(110);
    const started = performance.now();
    equal(contains(page, "Each change made the light stronger and the work lighter, until 1968.".repeat(2), 2), false);
    equal(performance.now() - started < 1000, true);
  });
});

describe("firstStart and lastStart", () => {
  it("find the outermost places, though places between have fewer differences", () => {
    const page = "F1rst one, First one, Fir5t one";
    deepEqual([firstStart(page, "First one", 1), lastStart(page, "First one", 1)], [0, 22]);
    deepEqual([firstStart(page, "First one", 0), lastStart(page, "First one", 0)], [11, 11]);
    deepEqual([firstStart(page, "Second", 1), lastStart(page, "Second", 1)], [undefined, undefined]);
  });
});
