import { distance } from "fastest-levenshtein";

/**
 * Text in the form in which pages are compared: Unicode compatibility forms, quotes and dashes of print made plain,
 * white space and case folded.
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
 * @returns 0 for the same text; 1 where nothing is right, and never more.
 */
export function characterErrorRate(read: string, expected: string): number {
  const [a, b] = [fold(plainText(read)), fold(plainText(expected))];
  if (b === "") return a === "" ? 0 : 1;
  return Math.min(1, distance(a, b) / b.length);
}

/** Where a text was found: positions in the folded page, `start` exact only where nothing differed. */
export interface Match {
  readonly start: number;
  readonly end: number;
}

/**
 * Every place where `sought` occurs in `page` with at most `maxDiffs` character edits, in order. Both must be folded.
 *
 * Without edits allowed, a match has to end where words end: "62" is not in "1,620".
 */
export function occurrences(page: string, sought: string, maxDiffs: number): Match[] {
  return maxDiffs > 0 ? nearOccurrences(page, sought, maxDiffs) : exactOccurrences(page, sought);
}

function exactOccurrences(page: string, sought: string): Match[] {
  const found: Match[] = [];
  if (sought === "") return found;
  for (let start = page.indexOf(sought); start >= 0; start = page.indexOf(sought, start + 1)) {
    const end = start + sought.length;
    if (!insideWord(page, start) && !insideWord(page, end)) found.push({ start, end });
  }
  return found;
}

/** Chinese and Japanese write no spaces; every place may be the end of a word. */
const wordCharacter = /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{N}]/u;

function insideWord(text: string, index: number): boolean {
  const [before, after] = [text[index - 1], text[index]];
  if (before === undefined || after === undefined) return false;
  if (wordCharacter.test(before) && wordCharacter.test(after)) return true;
  // "1,620" and "3.5" are one number.
  return (
    (/[.,]/.test(after) && /\d/.test(before) && /\d/.test(text[index + 1] ?? "")) ||
    (/[.,]/.test(before) && /\d/.test(after) && /\d/.test(text[index - 2] ?? ""))
  );
}

/** Sellers' algorithm: edit distance of `sought` to the best substring that ends at each position of `page`. */
function nearOccurrences(page: string, sought: string, maxDiffs: number): Match[] {
  const found: Match[] = [];
  let column = Array.from({ length: sought.length + 1 }, (_, row) => row);
  for (let position = 0; position < page.length; position++) {
    const next = [0];
    for (let row = 1; row <= sought.length; row++) {
      const replaced = (column[row - 1] ?? 0) + (sought[row - 1] === page[position] ? 0 : 1);
      next.push(Math.min(replaced, (column[row] ?? 0) + 1, (next[row - 1] ?? 0) + 1));
    }
    column = next;
    if ((column[sought.length] ?? Number.POSITIVE_INFINITY) <= maxDiffs) {
      found.push({ start: Math.max(0, position + 1 - sought.length), end: position + 1 });
    }
  }
  return found;
}

/** Whether two folded texts are the same up to `maxDiffs` edits. */
export function nearlyEqual(a: string, b: string, maxDiffs: number): boolean {
  return a === b || (maxDiffs > 0 && distance(a, b) <= maxDiffs);
}
