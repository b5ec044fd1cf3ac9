import { fold, plainText } from "./text.ts";

/** A table as rows of folded cell texts; a cell that spans several places stands in each of them. */
export type Table = readonly (readonly string[])[];

/** The tables of a page: Markdown pipe tables and HTML tables, which is how DeepSeek-OCR writes them. */
export function parseTables(markdown: string): Table[] {
  const html = [...markdown.matchAll(/<table\b[^>]*>(.*?)(?:<\/table>|$)/gis)].map(([, body = ""]) => htmlTable(body));
  return [...html, ...pipeTables(markdown)].filter((table) => table.length > 0);
}

function htmlTable(body: string): Table {
  const grid: string[][] = [];
  for (const [rowIndex, [, source = ""]] of [...body.matchAll(/<tr\b[^>]*>(.*?)(?=<tr\b|$)/gis)].entries()) {
    let column = 0;
    for (const [, attributes = "", content = ""] of source.matchAll(/<t[hd]\b([^>]*)>(.*?)(?=<t[hd]\b|<\/tr>|$)/gis)) {
      while (grid[rowIndex]?.[column] !== undefined) column++;
      const text = fold(plainText(content));
      const width = span(attributes, "colspan");
      for (let row = rowIndex; row < rowIndex + span(attributes, "rowspan"); row++) {
        const cells = grid[row] ?? [];
        for (let place = column; place < column + width; place++) cells[place] = text;
        grid[row] = cells;
      }
      column += width;
    }
  }
  return grid.map((row) => Array.from(row, (cell) => cell ?? ""));
}

/** No page has a cell over more than 100 rows or columns; a model that says so is not believed. */
function span(attributes: string, name: string): number {
  const value = Number(new RegExp(`${name}\\s*=\\s*["']?(\\d+)`, "i").exec(attributes)?.[1] ?? 1);
  return Math.min(Math.max(value, 1), 100);
}

function pipeTables(markdown: string): Table[] {
  const tables: string[][][] = [];
  let open: string[][] | undefined;
  for (const line of markdown.split("\n")) {
    if (!/^\s*\|.*\|\s*$/.test(line)) {
      open = undefined;
      continue;
    }
    if (!open) {
      open = [];
      tables.push(open);
    }
    const cells = line
      .trim()
      .slice(1, -1)
      .split(/(?<!\\)\|/);
    if (!cells.every((cell) => /^\s*:?-+:?\s*$/.test(cell))) open.push(cells.map((cell) => fold(plainText(cell))));
  }
  return tables;
}
