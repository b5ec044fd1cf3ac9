/** One group of bars, such as a body size, with a value for each series. */
export interface Group {
  readonly name: string;
  readonly values: readonly number[];
}

const WIDTH = 640;
const ROW = 22;
const LEFT = 150;
const RIGHT = 70;
const TOP = 60;
const colours = ["#4063d8", "#9aa5b1"] as const;

/** A horizontal bar chart as SVG that reads well on light and dark pages. */
export function barChart(title: string, unit: string, series: readonly string[], groups: readonly Group[]): string {
  const most = Math.max(...groups.flatMap(({ values }) => values));
  const scale = (WIDTH - LEFT - RIGHT) / (most || 1);
  const height = TOP + groups.length * (series.length * ROW + 14);
  const bars = groups.flatMap(({ name, values }, g) => {
    const top = TOP + g * (series.length * ROW + 14);
    return [
      text(LEFT - 10, top + (series.length * ROW) / 2 + 4, name, 'text-anchor="end"'),
      ...values.flatMap((value, s) => {
        const y = top + s * ROW;
        const width = Math.max(1, value * scale);
        return [
          `<rect x="${LEFT}" y="${y}" width="${width.toFixed(1)}" height="${ROW - 4}" rx="2" fill="${colours[s % colours.length]}"/>`,
          text(LEFT + width + 6, y + 13, `${value.toFixed(1)} ${unit}`),
        ];
      }),
    ];
  });
  const legend = series.flatMap((name, s) => [
    `<rect x="${LEFT + s * 190}" y="32" width="12" height="12" rx="2" fill="${colours[s % colours.length]}"/>`,
    text(LEFT + 18 + s * 190, 42, name),
  ]);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, sans-serif" font-size="12" role="img" aria-label="${escapeXml(title)}">`,
    "<style>text{fill:#24292f}@media(prefers-color-scheme:dark){text{fill:#e6edf3}}</style>",
    text(LEFT, 18, title, 'font-weight="600"'),
    ...legend,
    ...bars,
    "</svg>",
    "",
  ].join("\n");
}

function text(x: number, y: number, content: string, attributes = ""): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${attributes}>${escapeXml(content)}</text>`;
}

function escapeXml(value: string): string {
  return value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
