import { z } from "zod";
import { contains, firstStart, isSame, lastStart, normalize, oneUnitEach } from "./matching.ts";
import { type Cell, parseTables, type Table } from "./tables.ts";

const text = z.string().refine((value) => normalize(value).trim() !== "", "must not be empty");
const count = z.int().min(0, "must be 0 or more").nullish();
const common = {
  /** Name in reports; the line number if left out. */
  id: z.string().optional(),
  /** Characters that may differ. Default: 0. */
  max_diffs: z.int().min(0, "must be 0 or more").default(0),
};
const presence = {
  ...common,
  text,
  /** If false, capital and small letters count as the same. Default: true. */
  case_sensitive: z.boolean().optional(),
  /** Look only at so many characters from the beginning of the page. Default: 0, the whole page. */
  first_n: count,
  /** Look only at so many characters up to the end of the page. Default: 0, the whole page. */
  last_n: count,
};
/** What a neighbouring cell says. Empty or left out: any text. */
const neighbour = z.string().nullish();

/** One thing that is true of a page, in the format of olmOCR-bench. Fields that are not named here are ignored. */
export const factSchema = z.discriminatedUnion(
  "type",
  [
    z.object({ ...presence, type: z.literal("present") }),
    z.object({ ...presence, type: z.literal("absent") }),
    z
      .object({ ...common, type: z.literal("order"), before: text, after: text })
      .refine(({ before, after, max_diffs }) => [before, after].every((sought) => max_diffs <= length(sought) / 2), {
        path: ["max_diffs"],
        error: "must be at most half of the length of before and of after",
      }),
    z.object({
      ...common,
      type: z.literal("table"),
      cell: text,
      up: neighbour,
      down: neighbour,
      left: neighbour,
      right: neighbour,
      top_heading: neighbour,
      left_heading: neighbour,
    }),
  ],
  { error: 'type must be "present", "absent", "order" or "table"' },
);
export type Fact = z.infer<typeof factSchema>;
type PresenceFact = Extract<Fact, { type: "present" | "absent" }>;
type OrderFact = Extract<Fact, { type: "order" }>;
type TableFact = Extract<Fact, { type: "table" }>;

/**
 * Whether a fact holds of a page.
 *
 * @param page - The page as Markdown, as it was read.
 * @returns What is wrong, in a few words; `undefined` where the fact holds.
 */
export function failure(fact: Fact, page: string): string | undefined {
  switch (fact.type) {
    case "present":
      return isPresent(fact, page) ? undefined : `${quote(fact.text)} is missing`;
    case "absent":
      return isPresent(fact, page) ? `${quote(fact.text)} should not be there` : undefined;
    case "order":
      return orderFailure(fact, page);
    case "table":
      return tableFailure(fact, parseTables(page));
  }
}

function isPresent(fact: PresenceFact, page: string): boolean {
  const alike = (value: string) => (fact.case_sensitive === false ? normalize(value).toLowerCase() : normalize(value));
  const [seen = "", sought = ""] = oneUnitEach([alike(page), alike(fact.text)]);
  return contains(ends(seen, fact.first_n ?? 0, fact.last_n ?? 0), sought, fact.max_diffs);
}

/** The first and the last characters of a page; the whole page if the fact names neither. */
function ends(page: string, first: number, last: number): string {
  if (first === 0 && last === 0) return page;
  return page.slice(0, first) + (last === 0 ? "" : page.slice(-last));
}

function orderFailure(fact: OrderFact, page: string): string | undefined {
  const [seen = "", before = "", after = ""] = oneUnitEach([page, fact.before, fact.after].map(normalize));
  const first = firstStart(seen, before, fact.max_diffs);
  const last = lastStart(seen, after, fact.max_diffs);
  if (first === undefined) return `${quote(fact.before)} is missing`;
  if (last === undefined) return `${quote(fact.after)} is missing`;
  return first < last ? undefined : `${quote(fact.before)} comes after ${quote(fact.after)}`;
}

function tableFailure(fact: TableFact, tables: readonly Table[]): string | undefined {
  if (tables.length === 0) return "there is no table";
  const says = (cell: Cell, value: string) => {
    const [expected = "", seen = ""] = oneUnitEach([normalize(value), cell.text]);
    return isSame(expected, seen, fact.max_diffs);
  };
  const places = tables.flatMap((table) => table.cells().map((cell) => ({ table, cell })));
  const found = places.filter(({ cell }) => says(cell, fact.cell));
  if (found.length === 0) return `no table has a cell ${quote(fact.cell)}`;
  const wanted = neighbourNames.flatMap((name) => (fact[name] ? [{ name, value: fact[name] }] : []));
  const fits = found.some(({ table, cell }) =>
    wanted.every(({ name, value }) => lookups[name](table, cell).some((other) => says(other, value))),
  );
  const said = wanted.map(({ name, value }) => `${name} ${quote(value)}`).join(", ");
  return fits ? undefined : `cell ${quote(fact.cell)} does not have ${said}`;
}

const neighbourNames = ["up", "down", "left", "right", "top_heading", "left_heading"] as const;

const lookups: Readonly<Record<(typeof neighbourNames)[number], (table: Table, cell: Cell) => readonly Cell[]>> = {
  up: (table, cell) => table.neighbours(cell, "up"),
  down: (table, cell) => table.neighbours(cell, "down"),
  left: (table, cell) => table.neighbours(cell, "left"),
  right: (table, cell) => table.neighbours(cell, "right"),
  top_heading: (table, cell) => table.headings(cell, "up"),
  left_heading: (table, cell) => table.headings(cell, "left"),
};

/** Characters of a normalized text, however many UTF-16 units each takes. */
function length(value: string): number {
  return [...normalize(value)].length;
}

function quote(words: string): string {
  return `"${words.length > 60 ? `${words.slice(0, 57)}…` : words}"`;
}
