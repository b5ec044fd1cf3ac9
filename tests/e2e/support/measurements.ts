import { loadavg } from "node:os";

/** The figures of a run, in the order in which they were measured. */
export class Measurements {
  readonly #rows: { what: string; value: string; load: number }[] = [];

  add(what: string, value: number | string, unit = "s"): void {
    const shown = typeof value === "number" ? `${value < 10 ? value.toFixed(1) : Math.round(value)} ${unit}` : value;
    this.#rows.push({ what, value: shown, load: loadavg()[0] ?? 0 });
    console.log(`      ${what}: ${shown}`);
  }

  /** Do something and record how many seconds it took. */
  async time<T>(what: string, action: () => Promise<T>): Promise<T> {
    const started = performance.now();
    const result = await action();
    this.add(what, (performance.now() - started) / 1_000);
    return result;
  }

  /** A Markdown table; the load average tells how busy the machine was. */
  toString(): string {
    const rows = this.#rows.map(({ what, value, load }) => `| ${what} | ${value} | ${load.toFixed(1)} |`);
    return ["| what | measured | load average |", "|---|---|---|", ...rows].join("\n");
  }
}
