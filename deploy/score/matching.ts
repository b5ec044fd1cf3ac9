import search from "approx-string-match";

const printed: Readonly<Record<string, string>> = {
  "\u2018": "'",
  "\u2019": "'",
  "\u201a": "'",
  "\u201c": '"',
  "\u201d": '"',
  "\u201e": '"',
  "\u2011": "-",
  "\u2012": "-",
  "\u2013": "-",
  "\u2014": "-",
  "\u2212": "-",
  "\uff3f": "_",
  "\u00b5": "\u03bc",
};
const printedCharacters = new RegExp(`[${Object.keys(printed).join("")}]`, "g");

/** White space as Python knows it, so that both languages fold the same characters: with U+0085, without U+FEFF. */
const whiteSpace = /(?:[^\S\ufeff]|\u0085)+/g;

/**
 * A text as facts are compared: no bold or italic marks, one kind of space, quotation mark and dash, NFC.
 *
 * Headings, list marks, table pipes and other HTML tags stay: olmOCR-bench keeps them too.
 */
export function normalize(text: string): string {
  return text
    .replace(/<br\/?>/g, " ")
    .replace(/\*\*([^\n]*?)\*\*/g, "$1")
    .replace(/__([^\n]*?)__/g, "$1")
    .replace(/<\/?[bi]>/g, "")
    .replace(/(\*\*|__)([^\n]*?)\1/g, "$2")
    .replace(/(\*|_)([^\n]*?)\1/g, "$2")
    .replace(whiteSpace, " ")
    .normalize("NFC")
    .replace(printedCharacters, (character) => printed[character] ?? character);
}

/**
 * The same texts with one UTF-16 unit for each character, so that lengths and positions count characters.
 *
 * Characters that take two units (rare Chinese characters, mathematical letters, emoji) are replaced by private ones,
 * the same character by the same one in all of the texts.
 */
export function oneUnitEach(texts: readonly string[]): string[] {
  const replacements = new Map<string, string>();
  const replacement = (character: string) => {
    const known = replacements.get(character) ?? String.fromCharCode(0xe000 + replacements.size);
    replacements.set(character, known);
    return known;
  };
  return texts.map((text) => text.replace(/[\u{10000}-\u{10ffff}]/gu, replacement));
}

/**
 * Whether some place of a page differs from a text by at most this many characters. Both must be normalized.
 *
 * A place is as long as the text; at the beginning and the end of the page it may be shorter. A page that is not longer
 * than the text is compared as a whole: a page of one letter does not contain every word with that letter.
 */
export function contains(page: string, text: string, maxDiffs: number): boolean {
  const length = text.length;
  if (page.length <= length) return isWithin(text, page, maxDiffs);
  if (maxDiffs === 0) return page.includes(text);
  for (let block = 1 - length; block < page.length; block += length) {
    // What is within the limit has at most 2 * maxDiffs Levenshtein edits, and those are much faster to find.
    if (search(slice(page, block, 2 * length - 1), text, 2 * maxDiffs).length === 0) continue;
    for (let start = block; start < block + length; start++) {
      if (isWithin(text, slice(page, start, length), maxDiffs)) return true;
    }
  }
  return false;
}

/** A part of a text, clipped where it would begin before the text or end after it. */
function slice(text: string, start: number, length: number): string {
  return text.slice(Math.max(0, start), Math.max(0, start + length));
}

/** Where the first place of a page begins that is a text with at most this many Levenshtein edits. */
export function firstStart(page: string, text: string, maxDiffs: number): number | undefined {
  let start: number | undefined;
  let before = page;
  // The search finds only the places with the fewest edits; one with more may be before them.
  for (let match = search(before, text, maxDiffs)[0]; match; match = search(before, text, maxDiffs)[0]) {
    start = match.start;
    before = page.slice(0, start);
  }
  return start;
}

/** Where the last place of a page begins that is a text with at most this many Levenshtein edits. */
export function lastStart(page: string, text: string, maxDiffs: number): number | undefined {
  let start: number | undefined;
  let offset = 0;
  for (
    let match = search(page, text, maxDiffs).at(-1);
    match;
    match = search(page.slice(offset), text, maxDiffs).at(-1)
  ) {
    start = offset + match.start;
    offset += match.end;
  }
  return start;
}

/**
 * Whether a cell says what is expected, give or take some characters. Both must be normalized.
 *
 * However many are allowed, at least half of the two texts must be alike.
 */
export function isSame(expected: string, cell: string, maxDiffs: number): boolean {
  const alike = 2 * indelDistance(expected, cell) <= expected.length + cell.length;
  return alike && isWithin(expected, cell, maxDiffs);
}

/** Whether the ratio of rapidfuzz is at least 1 - maxDiffs / length, in whole numbers, which do not round. */
function isWithin(expected: string, seen: string, maxDiffs: number): boolean {
  return indelDistance(expected, seen) * expected.length <= maxDiffs * (expected.length + seen.length);
}

/**
 * Characters to delete from one text and to insert from the other until they are the same: the measure of rapidfuzz's
 * ratio, which none of the libraries used here offers. It is what is outside of their longest common subsequence.
 */
function indelDistance(a: string, b: string): number {
  if (a === b) return 0;
  let row = new Uint32Array(b.length + 1);
  for (let i = 0; i < a.length; i++) {
    const next = new Uint32Array(b.length + 1);
    for (let j = 0; j < b.length; j++) {
      next[j + 1] = a[i] === b[j] ? (row[j] ?? 0) + 1 : Math.max(row[j + 1] ?? 0, next[j] ?? 0);
    }
    row = next;
  }
  return a.length + b.length - 2 * (row[b.length] ?? 0);
}
