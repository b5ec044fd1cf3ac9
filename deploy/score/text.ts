import { distance } from "fastest-levenshtein";

/**
 * A text as character accuracy compares it: Unicode compatibility forms, quotes and dashes of print made plain, white
 * space and case folded. Facts are compared more strictly; see matching.ts.
 */
export function fold(text: string): string {
  return text
    .normalize("NFKC")
    .replace(/[\u2018\u2019\u201b]/g, "'")
    .replace(/[\u201c\u201d\u201e]/g, '"')
    .replace(/[\u2010-\u2015\u2212]/g, "-")
    .replace(/\s+/g, " ")
    .trim()
    .toLowerCase();
}

/** The words of a Markdown page without its marks: headings, emphasis, table rules and pipes, HTML tags, OCR marks. */
export function plainText(markdown: string): string {
  return markdown
    .replace(/<\|det\|>.*?<\|\/det\|>/gs, "")
    .replace(/<\|\/?(ref|grounding)\|>/g, "")
    .replace(/!\[[^\]]*\]\([^)]*\)/g, " ")
    .replace(/<\/?[a-z][^>]*>/gi, " ")
    .replace(/^\s*\|?(\s*:?-{3,}:?\s*\|)+(\s*:?-{3,}:?)?\s*$/gm, " ")
    .replace(/^\s{0,3}(#{1,6}|>|[-*+])\s+/gm, "")
    .replace(/(\*\*|__|`)/g, "")
    .replace(/(?<!\\)\|/g, " ");
}

/**
 * Character error rate: insertions, deletions and substitutions per expected character, of the folded plain texts.
 *
 * @returns 0 for the same text; 1 if nothing is right, and never more.
 */
export function characterErrorRate(read: string, expected: string): number {
  const [a, b] = [fold(plainText(read)), fold(plainText(expected))];
  if (b === "") return a === "" ? 0 : 1;
  return Math.min(1, distance(a, b) / b.length);
}
