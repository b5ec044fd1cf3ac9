import { z } from "zod";
import { parseTables, type Table } from "./tables.ts";
import { fold, nearlyEqual, occurrences, plainText } from "./text.ts";

const text = z.string().min(1, "must not be empty");
const common = {
  /** Name in reports; the line number where it is left out. */
  id: z.string().optional(),
  /** Character edits that are forgiven. */
  max_diffs: z.int().min(0, "must be 0 or more").default(0),
};

/** One thing that is true of a page. The format is that of olmOCR-bench; fields that it has besides are ignored. */
export const factSchema = z.discriminatedUnion(
  "type",
  [
    z.object({ ...common, type: z.literal("present"), text }),
    z.object({ ...common, type: z.literal("absent"), text }),
    z.object({ ...common, type: z.literal("order"), before: text, after: text }),
    z.object({
      ...common,
      type: z.literal("table"),
      cell: text,
      up: text.optional(),
      down: text.optional(),
      left: text.optional(),
      right: text.optional(),
      top_heading: text.optional(),
      left_heading: text.optional(),
    }),
  ],
  { error: 'type must be "present", "absent", "order" or "table"' },
);
export type Fact = z.infer<typeof factSchema>;
type TableFact = Extract<Fact, { type: "table" }>;

/** Whether a fact holds of a page that was read, and if not, what is wrong in a few words. */
export function failure(fact: Fact, page: string): string | undefined {
  const folded = fold(plainText(page));
  const places = (sought: string) => occurrences(folded, fold(sought), fact.max_diffs);
  switch (fact.type) {
    case "present":
      return places(fact.text).length > 0 ? undefined : `${quote(fact.text)} is missing`;
    case "absent":
      return places(fact.text).length === 0 ? undefined : `${quote(fact.text)} should not be there`;
    case "order": {
      const first = places(fact.before)[0];
      const last = places(fact.after).at(-1);
      if (!first) return `${quote(fact.before)} is missing`;
      if (!last) return `${quote(fact.after)} is missing`;
      return first.end <= last.start + fact.max_diffs
        ? undefined
        : `${quote(fact.before)} comes after ${quote(fact.after)}`;
    }
    case "table":
      return tableFailure(fact, parseTables(page));
  }
}

function tableFailure(fact: TableFact, tables: readonly Table[]): string | undefined {
  if (tables.length === 0) return "there is no table";
  const same = (a: string | undefined, b: string) => a !== undefined && nearlyEqual(a, fold(b), fact.max_diffs);
  const cells = tables.flatMap((table) =>
    table.flatMap((row, y) => row.flatMap((cell, x) => (same(cell, fact.cell) ? [{ table, x, y }] : []))),
  );
  if (cells.length === 0) return `no table has a cell ${quote(fact.cell)}`;
  const wanted = neighbours(fact);
  const fits = cells.some(({ table, x, y }) =>
    wanted.every(({ value, candidates }) => candidates(table, x, y).some((cell) => same(cell, value))),
  );
  const said = wanted.map(({ name, value }) => `${name} ${quote(value)}`).join(", ");
  return fits ? undefined : `cell ${quote(fact.cell)} does not have ${said}`;
}

type Candidates = (table: Table, x: number, y: number) => readonly (string | undefined)[];

const lookups: Readonly<Record<"up" | "down" | "left" | "right" | "top_heading" | "left_heading", Candidates>> = {
  up: (table, x, y) => [table[y - 1]?.[x]],
  down: (table, x, y) => [table[y + 1]?.[x]],
  left: (table, x, y) => [table[y]?.[x - 1]],
  right: (table, x, y) => [table[y]?.[x + 1]],
  top_heading: (table, x, y) => table.slice(0, y).map((row) => row[x]),
  left_heading: (table, x, y) => table[y]?.slice(0, x) ?? [],
};

function neighbours(fact: TableFact): { name: string; value: string; candidates: Candidates }[] {
  return Object.entries(lookups).flatMap(([name, candidates]) => {
    const value = fact[name as keyof typeof lookups];
    return value === undefined ? [] : [{ name, value, candidates }];
  });
}

function quote(words: string): string {
  return `"${words.length > 60 ? `${words.slice(0, 57)}…` : words}"`;
}
