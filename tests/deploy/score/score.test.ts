import { deepEqual, equal } from "node:assert/strict";
import fc from "fast-check";
import { gateFailures, type PageScore, scorePage, total } from "../../../deploy/score/score.ts";

const gate = { allowedDrop: 0.02, minimum: 0.8 };

const page = (name: string, errorRate: number, over: Partial<PageScore> = {}): PageScore => ({
  name,
  hash: `hash of ${name}`,
  errorRate,
  facts: 0,
  failed: [],
  seconds: 1,
  ...over,
});
const failed = (count: number) => Array.from({ length: count }, (_, index) => ({ id: `${index}`, why: "missing" }));

describe("scorePage", () => {
  it("scores text and facts, and says which facts fail", () => {
    const golden = {
      name: "letter",
      hash: "h",
      image: Buffer.alloc(0),
      mediaType: "image/png",
      text: "Dear reader",
      facts: [
        { type: "present" as const, text: "Dear", max_diffs: 0, id: "greeting" },
        { type: "present" as const, text: "Sincerely", max_diffs: 0, id: "end" },
      ],
    };
    deepEqual(scorePage(golden, "Dear readex", 2), {
      name: "letter",
      hash: "h",
      errorRate: 1 / 11,
      facts: 2,
      failed: [{ id: "end", why: '"Sincerely" is missing' }],
      seconds: 2,
    });
  });
});

describe("total", () => {
  it("leaves out what no page measures", () => {
    const { errorRate: _, ...factsOnly } = page("a", 0, { facts: 4, failed: failed(1) });
    deepEqual(total([factsOnly]), { pages: [factsOnly], accuracy: undefined, facts: 0.75 });
    deepEqual(total([page("a", 0.25)]), { pages: [page("a", 0.25)], accuracy: 0.75, facts: undefined });
  });
});

describe("gateFailures", () => {
  const good = total([page("a", 0.01), page("b", 0.03, { facts: 10, failed: [] })]);

  it("passes the same score, a better one, and a drop that is allowed", () => {
    deepEqual(gateFailures(good, good, gate), []);
    deepEqual(gateFailures(good, undefined, gate), []);
    deepEqual(gateFailures(total([page("a", 0.03), page("b", 0.05, { facts: 10 })]), good, gate), []);
  });

  it("refuses a drop of accuracy", () => {
    deepEqual(gateFailures(total([page("a", 0.01), page("b", 0.1, { facts: 10 })]), good, gate), [
      "The character accuracy fell from 98.0 % to 94.5 %; at most 2.0 % is allowed.",
    ]);
  });

  it("refuses a drop of facts alone", () => {
    deepEqual(gateFailures(total([page("a", 0.01), page("b", 0.03, { facts: 10, failed: failed(1) })]), good, gate), [
      "The share of facts that hold fell from 100.0 % to 90.0 %; at most 2.0 % is allowed.",
    ]);
  });

  it("has a floor, also for the first deploy", () => {
    deepEqual(gateFailures(total([page("a", 0.5)]), undefined, gate), [
      "The character accuracy is 50.0 %; it must be at least 80.0 %.",
    ]);
  });

  it("compares only pages that did not change", () => {
    const harder = total([page("a", 0.01), page("b", 0.03, { facts: 10 }), page("new", 0.15)]);
    deepEqual(gateFailures(harder, good, gate), []);
    deepEqual(gateFailures(total([page("a", 0.1, { hash: "another" })]), good, gate), []);
  });

  it("never refuses what is no worse than before and above the floor", () => {
    const rate = fc.double({ min: 0, max: 0.2, noNaN: true });
    fc.assert(
      fc.property(fc.array(rate, { minLength: 1, maxLength: 5 }), (rates) => {
        const score = total(rates.map((value, index) => page(`${index}`, value)));
        equal(gateFailures(score, score, gate).length, 0);
      }),
    );
  });
});
