import { load } from "cheerio/slim";
import { normalize } from "./matching.ts";

/** A cell as it is written. */
interface Source {
  /** Normalized text. */
  readonly text: string;
  readonly heading: boolean;
  /** Rows and columns that the cell covers. */
  readonly rows: number;
  readonly columns: number;
}

/** A cell in its place: row and column of its upper left corner, counted from 0. */
export interface Cell extends Source {
  readonly y: number;
  readonly x: number;
}

const steps = { up: [-1, 0], down: [1, 0], left: [0, -1], right: [0, 1] } as const;
type Direction = keyof typeof steps;

/** A grid of cells. A cell that spans stands in each place that it covers; `undefined` is a place without a cell. */
export class Table {
  readonly grid: readonly (readonly (Cell | undefined)[])[];

  constructor(rows: readonly (readonly Source[])[]) {
    this.grid = arrange(rows);
  }

  /** Each cell once, row by row. */
  cells(): Cell[] {
    return this.grid.flatMap((row, y) =>
      row.filter((cell, x) => cell !== undefined && cell.y === y && cell.x === x),
    ) as Cell[];
  }

  /** The cells next to a cell, past places without a cell: one for each row or column that it covers. */
  neighbours(cell: Cell, direction: Direction): Cell[] {
    const [dy, dx] = steps[direction];
    const found: Cell[] = [];
    // Only the places along the edge on this side of the cell are asked.
    const [height, width] = [dy === 0 ? cell.rows : 1, dx === 0 ? cell.columns : 1];
    const [top, left] = [dy > 0 ? cell.y + cell.rows - 1 : cell.y, dx > 0 ? cell.x + cell.columns - 1 : cell.x];
    for (let y = top; y < top + height; y++) {
      for (let x = left; x < left + width; x++) {
        const other = this.next(cell, y + dy, x + dx, dy, dx);
        if (other) found.push(other);
      }
    }
    return found;
  }

  /** All heading cells on the way to the edge; where there is none, the cells at the edge. */
  headings(cell: Cell, direction: Direction): Cell[] {
    const [headings, ends, visited, todo]: [Cell[], Cell[], Set<Cell>, Cell[]] = [[], [], new Set([cell]), [cell]];
    for (let current = todo.pop(); current; current = todo.pop()) {
      const further = this.neighbours(current, direction);
      if (current !== cell && current.heading) headings.push(current);
      if (current !== cell && further.length === 0) ends.push(current);
      todo.push(...further.filter((other) => !visited.has(other)));
      for (const other of further) visited.add(other);
    }
    return headings.length > 0 ? headings : ends;
  }

  private next(cell: Cell, startY: number, startX: number, dy: number, dx: number): Cell | undefined {
    let [y, x] = [startY, startX];
    while (y >= 0 && y < this.grid.length && x >= 0 && x < (this.grid[0]?.length ?? 0)) {
      const other = this.grid[y]?.[x];
      if (other && other !== cell) return other;
      [y, x] = [y + dy, x + dx];
    }
    return undefined;
  }
}

/** Puts cells into a grid: each takes the first place of its row that no cell from above covers. */
function arrange(rows: readonly (readonly Source[])[]): (Cell | undefined)[][] {
  const grid: (Cell | undefined)[][] = [];
  /** For each column, the cell that reaches into the next row, and how many rows of it are left. */
  const below: ({ cell: Cell; left: number } | undefined)[] = [];
  while (grid.length < rows.length || below.some(Boolean)) {
    const [y, sources] = [grid.length, [...(rows[grid.length] ?? [])]];
    const line: (Cell | undefined)[] = [];
    while (sources.length > 0 || line.length < below.length) {
      const reaching = below[line.length];
      const source = reaching ? undefined : sources.shift();
      if (reaching) {
        below[line.length] = reaching.left > 1 ? { cell: reaching.cell, left: reaching.left - 1 } : undefined;
        line.push(reaching.cell);
      } else if (source) {
        const cell = { ...source, y, x: line.length };
        for (const end = line.length + source.columns; line.length < end; line.push(cell)) {
          below[line.length] = source.rows > 1 ? { cell, left: source.rows - 1 } : undefined;
        }
      } else {
        line.push(undefined);
      }
    }
    grid.push(line);
  }
  const width = Math.max(0, ...grid.map((line) => line.length));
  return grid.map((line) => Array.from({ length: width }, (_, x) => line[x]));
}

/** The tables of a page: first those in Markdown, then those in HTML, which is how DeepSeek-OCR writes them. */
export function parseTables(page: string): Table[] {
  return [...markdownTables(page), ...htmlTables(page)]
    .map((rows) => new Table(rows))
    .filter((table) => table.cells().length > 0);
}

/** Each block of two or more lines with a pipe is a table. First row and first column are headings. */
function markdownTables(page: string): Source[][][] {
  const blocks: string[][] = [[]];
  for (const line of page.split("\n")) {
    if (line.includes("|")) blocks.at(-1)?.push(line.trim());
    else blocks.push([]);
  }
  return blocks
    .filter((lines) => lines.length > 1)
    .map((lines) =>
      lines
        .filter((line) => !/^[- :|]*$/.test(line))
        .map(splitRow)
        .filter((cells) => cells.length > 0)
        .map((cells, y) => cells.map((text, x) => ({ text, heading: y === 0 || x === 0, rows: 1, columns: 1 }))),
    );
}

function splitRow(line: string): string[] {
  const cells = line.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|"));
  if (cells[0] === "") cells.shift();
  if (cells.at(-1) === "") cells.pop();
  return cells.map(normalize);
}

/** A cell or row that is not closed ends where the next one begins. */
function htmlTables(page: string): Source[][][] {
  const $ = load(page);
  $("br").replaceWith("\n");
  return $("table")
    .toArray()
    .map((table) => {
      const rows = $(table)
        .find("tr")
        .toArray()
        .filter((row) => $(row).closest("table").is(table));
      return rows.map((row, y) =>
        $(row)
          .find("td, th")
          .toArray()
          .filter((cell) => $(cell).closest("tr").is(row))
          .map((cell) => {
            const text = $(cell).clone().find("td, th").remove().end().text();
            const rowspan = $(cell).attr("rowspan")?.trim();
            return {
              text: normalize(text.trim()),
              heading: $(cell).is("th") || $(cell).closest("thead").length > 0,
              // In HTML a rowspan of 0 reaches to the end of the table.
              rows: rowspan === "0" ? rows.length - y : span(rowspan),
              columns: span($(cell).attr("colspan")?.trim()),
            };
          }),
      );
    });
}

/** No page has a cell over more than 100 rows or columns. A model that writes a larger number gets 100. */
function span(value: string | undefined): number {
  return /^[0-9]+$/.test(value ?? "") ? Math.min(Math.max(Number(value), 1), 100) : 1;
}
