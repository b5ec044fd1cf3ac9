import type { HistoryRecord } from "../state/history.ts";

const bars = "▁▂▃▄▅▆▇█";
/** How many values to show: more would wrap in a pull request. */
const LATEST = 30;

/** Draws values as a row of bars, the lowest for the least and the highest for the greatest. Equal values get full bars. */
export function sparkline(values: readonly number[]): string {
  const [least, greatest] = [Math.min(...values), Math.max(...values)];
  const place = (value: number) =>
    greatest === least ? bars.length - 1 : ((value - least) / (greatest - least)) * (bars.length - 1);
  return values.map((value) => bars[Math.round(place(value))]).join("");
}

interface Row {
  readonly name: string;
  readonly values: readonly number[];
  readonly show: (value: number) => string;
}

/** Scores and timings of a location over time, as rows of a Markdown table; empty with fewer than two values. */
export function historyChart(history: readonly HistoryRecord[]): string[] {
  const shown = history.slice(-LATEST);
  const pick = (value: (record: HistoryRecord) => number | undefined) => shown.flatMap((record) => value(record) ?? []);
  const percent = (value: number) => `${(value * 100).toFixed(1)} %`;
  const seconds = (value: number) => `${value.toFixed(1)} s`;
  const rows: Row[] = [
    { name: "character accuracy", values: pick(({ score }) => score?.accuracy), show: percent },
    { name: "facts that hold", values: pick(({ score }) => score?.facts), show: percent },
    {
      name: "pages per second",
      values: pick(({ pagesPerSecond }) => pagesPerSecond),
      show: (value) => value.toFixed(2),
    },
    { name: "wake from zero", values: pick(({ wakeSeconds }) => wakeSeconds), show: seconds },
    { name: "deploy", values: pick(({ upSeconds }) => upSeconds), show: seconds },
  ];
  const drawn = rows.filter(({ values }) => values.length > 1);
  if (drawn.length === 0) return [];
  return [
    "| history | | least | greatest | latest |",
    "| --- | --- | --- | --- | --- |",
    ...drawn.map(({ name, values, show }) => {
      const figures = [Math.min(...values), Math.max(...values), values.at(-1) ?? 0].map(show);
      return `| ${name} | ${sparkline(values)} | ${figures.join(" | ")} |`;
    }),
  ];
}
