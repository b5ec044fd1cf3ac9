import { judged, row } from "../bench/cells.ts";

/** What serve-app/bench/gpu.py writes to docs/benchmarks/gpu.json. */
export interface GpuResults {
  readonly date: string;
  readonly commit: string | null;
  readonly card: string | null;
  readonly driver: string | null;
  readonly memory_mib: number | null;
  readonly versions: Readonly<Record<string, string | null>>;
  readonly model: string;
  readonly tokens_a_page: number;
  readonly tiny: boolean;
  /** Cores and load average of the machine. */
  readonly load: string;
  readonly parts: Readonly<Record<string, GpuPart>>;
}

/** A variant of the engine alone, `bare` or `ours`. */
export interface GpuPart {
  readonly loads: readonly GpuLoad[];
  /** Of our service with the limit that a location has by default. */
  readonly limited?: readonly GpuLoad[];
  readonly ongoing?: number;
  readonly start_s?: number;
  readonly memory_mib?: number | null;
  readonly batched_tokens?: number;
  /** 64 pages with one token each, by mode: what the vision encoder and the prompt cost. */
  readonly encoder?: Readonly<Record<string, GpuLoad>>;
}

export interface GpuLoad {
  readonly clients: number;
  readonly pages: number;
  readonly seconds: number;
  readonly tokens_per_s: number;
  readonly pages_per_s: number;
  readonly first_token_p50_ms: number;
  readonly first_token_p99_ms: number;
  readonly roofline_tokens_per_s: number | null;
  readonly busy_percent: number | null;
  readonly peak_mib: number | null;
  readonly guard: string;
}

/** What a run should reach, at the largest number of clients. */
export const gpuGoals = { share: 0.97, busyPercent: 90 } as const;

/** The guard of every load that is not there to compare guards. */
const GUARD = "ours 30/90";

/** The whole page as Markdown. */
export function renderGpuReport(results: GpuResults): string {
  const { bare, ours, ...variants } = results.parts;
  return [
    "# On a GPU",
    "",
    "Written by `npm run bench -- gpu`; README.md in this folder says how each figure is made.",
    "",
    describe(results),
    ...(bare && ours ? ["", ...comparison(bare, ours)] : []),
    ...(Object.keys(variants).length > 0 ? ["", ...engineTable(variants, ours ? undefined : bare)] : []),
    ...guardTable(variants),
    ...encoderTable(variants),
    ...startTable(variants),
    "",
  ].join("\n");
}

function describe(results: GpuResults): string {
  const { date, commit, card, driver, memory_mib, versions, model, tokens_a_page, load, tiny } = results;
  const with_ = Object.entries(versions)
    .filter(([, version]) => version !== null)
    .map(([name, version]) => `${name} ${version}`);
  return (
    `${date}, commit ${commit ?? "unknown"}: ${card ?? "no GPU"}, ${count(memory_mib)} MiB, driver ${driver ?? "–"}; ` +
    `${with_.join(", ")}; ${load}. ${model}, A4 pages at 200 dpi in mode \`gundam\`, ${tokens_a_page} tokens a page on ` +
    `average.${tiny ? "\n\n**A small form on a CPU: only a sign that everything runs.**" : ""}`
  );
}

function comparison(bare: GpuPart, ours: GpuPart): string[] {
  const pairs = ours.loads.flatMap((load) => {
    const other = bare.loads.find(({ clients }) => clients === load.clients);
    return other ? [[other, load] as const] : [];
  });
  return [
    "## Our service beside bare `vllm serve`",
    "",
    "One after the other on the same GPU, with the same engine arguments, guard and number of pages at once. Goals with " +
      `the most clients: ${gpuGoals.share * 100} % of bare vLLM's tokens, GPU busy for ${gpuGoals.busyPercent} % of the time.`,
    "",
    "| clients | bare, tokens/s | ours | share | ours, pages/s | bare, first token p50 ms | ours | p99 | GPU busy |",
    "|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ...pairs.map(([other, load], index) => {
      const share = load.tokens_per_s / other.tokens_per_s;
      const last = index === pairs.length - 1;
      const busy = load.busy_percent;
      return row([
        String(load.clients),
        count(other.tokens_per_s),
        count(load.tokens_per_s),
        judged(percent(100 * share, 1), last ? share >= gpuGoals.share : undefined),
        load.pages_per_s.toFixed(2),
        count(other.first_token_p50_ms),
        count(load.first_token_p50_ms),
        count(load.first_token_p99_ms),
        judged(percent(busy), last && busy !== null ? busy >= gpuGoals.busyPercent : undefined),
      ]);
    }),
    ...(ours.limited ?? []).flatMap((load) => [
      "",
      `With ${ours.ongoing} requests at once, a location's default, ${load.clients} clients get ${count(load.tokens_per_s)} ` +
        `tokens/s and ${load.pages_per_s.toFixed(2)} pages/s; the GPU is busy for ${percent(load.busy_percent)}.`,
    ]),
  ];
}

function engineTable(variants: Readonly<Record<string, GpuPart>>, bare: GpuPart | undefined): string[] {
  const sides = { ...variants, ...(bare && { "bare `vllm serve`": bare }) };
  return [
    "## The engine alone",
    "",
    "vLLM as our engine starts it, without HTTP and Ray, beside what the memory's bandwidth allows at most." +
      (bare
        ? " Its pages are prepared beforehand. Our service was not measured; bare `vllm serve` answers over HTTP, prepares the pages itself and has vLLM's own guard."
        : ""),
    "",
    "| variant | tokens of a step | clients | tokens/s | roofline | share | pages/s | first token p50 ms | p99 | GPU busy |",
    "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ...entries(sides).flatMap(([name, part]) =>
      part.loads
        .filter(({ guard }) => guard === GUARD || part === bare)
        .map((load) => {
          const bound = load.roofline_tokens_per_s;
          return row([
            name,
            count(part.batched_tokens),
            String(load.clients),
            count(load.tokens_per_s),
            count(bound),
            percent(bound === null ? null : (100 * load.tokens_per_s) / bound),
            load.pages_per_s.toFixed(2),
            count(load.first_token_p50_ms),
            count(load.first_token_p99_ms),
            percent(load.busy_percent),
          ]);
        }),
    ),
  ];
}

function guardTable(variants: Readonly<Record<string, GpuPart>>): string[] {
  const rows = entries(variants).flatMap(([, { loads }]) => {
    const compared = loads.filter(({ guard }) => guard !== GUARD);
    const most = compared[0]?.clients;
    if (most === undefined) return [];
    return loads
      .filter(({ clients }) => clients === most)
      .map((load) => row([load.guard, String(load.clients), count(load.tokens_per_s), percent(load.busy_percent)]));
  });
  return section(
    "Repetition guards",
    "The same engine and pages, another guard; tokens of the n-gram and of its window.",
    ["| guard | clients | tokens/s | GPU busy |", "|---|---:|---:|---:|"],
    rows,
  );
}

function encoderTable(variants: Readonly<Record<string, GpuPart>>): string[] {
  const rows = entries(variants).flatMap(([name, { encoder }]) =>
    Object.entries(encoder ?? {}).map(([mode, load]) =>
      row([
        name,
        mode,
        String(load.pages),
        load.pages_per_s.toFixed(1),
        count(load.peak_mib),
        percent(load.busy_percent),
      ]),
    ),
  );
  return section(
    "Encoder and prompt, by mode",
    "Pages with one token of output each, all at once.",
    ["| variant | mode | pages | pages/s | peak memory MiB | GPU busy |", "|---|---|---:|---:|---:|---:|"],
    rows,
  );
}

function startTable(variants: Readonly<Record<string, GpuPart>>): string[] {
  const rows = entries(variants).flatMap(([name, { start_s, memory_mib }]) =>
    start_s === undefined ? [] : [row([name, start_s.toFixed(0), count(memory_mib)])],
  );
  return section(
    "Start",
    "Without the download. The first start of a variant compiles; the next one finds that in the compile cache.",
    ["| variant | seconds | memory after it, MiB |", "|---|---:|---:|"],
    rows,
  );
}

/** A heading, a sentence and a table; nothing if the table has no rows. */
function section(title: string, words: string, head: readonly string[], rows: readonly string[]): string[] {
  return rows.length === 0 ? [] : ["", `## ${title}`, "", words, "", ...head, ...rows];
}

function entries(variants: Readonly<Record<string, GpuPart>>): [string, GpuPart][] {
  return Object.entries(variants);
}

function count(value: number | null | undefined): string {
  return value === null || value === undefined ? "–" : Math.round(value).toLocaleString("en-US");
}

function percent(value: number | null | undefined, digits = 0): string {
  return value === null || value === undefined ? "–" : `${value.toFixed(digits)} %`;
}
