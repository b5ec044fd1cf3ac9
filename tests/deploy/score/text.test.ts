import { equal } from "node:assert/strict";
import fc from "fast-check";
import { characterErrorRate, fold, plainText } from "../../../deploy/score/text.ts";

describe("fold", () => {
  it("folds white space, case, quotes, dashes and compatibility forms", () => {
    equal(fold("  The\n\u201cFirst\u201d  page \u2013 it\u2019s \ufb01ne "), 'the "first" page - it\'s fine');
  });

  it("folds what is folded to itself", () => {
    fc.assert(fc.property(fc.string(), (text) => equal(fold(fold(text)), fold(text))));
  });
});

describe("plainText", () => {
  const cases: Readonly<Record<string, readonly [string, string]>> = {
    "headings and emphasis": ["## A **bold** claim", "a bold claim"],
    "a pipe table": ["| a | b |\n|---|---:|\n| 1 | 2 |", "a b 1 2"],
    "an HTML table": ["<table><tr><td>a</td><td>b</td></tr></table>", "a b"],
    "grounding marks": ["<|ref|>title<|/ref|><|det|>[[1, 2, 3, 4]]<|/det|>\nWords", "title words"],
    "a picture": ["before ![image](#xywh=percent:1,2,3,4) after", "before after"],
    "lists and quotations": ["- one\n* two\n> three", "one two three"],
    "a number that looks like a list": ["1. one\n-5 degrees", "1. one -5 degrees"],
  };
  for (const [name, [markdown, expected]] of Object.entries(cases)) {
    it(`leaves the words of ${name}`, () => equal(fold(plainText(markdown)), expected));
  }
});

describe("characterErrorRate", () => {
  it("counts wrong characters per expected character", () => {
    equal(characterErrorRate("Total 1OO", "Total 100"), 2 / 9);
    equal(characterErrorRate("# Total  100", "Total 100"), 0);
    equal(characterErrorRate("", "Total"), 1);
    equal(characterErrorRate("anything", ""), 1);
    equal(characterErrorRate("", ""), 0);
  });

  it("never exceeds 1", () => equal(characterErrorRate("x".repeat(100), "abc"), 1));

  it("is 0 for a text and itself", () => {
    fc.assert(fc.property(fc.string(), (text) => equal(characterErrorRate(text, text), 0)));
  });
});
