import { judged, row } from "./cells.ts";
import type { Documents, Latency, Machine, Memory, Results, Throughput, Wake } from "./results.ts";

/** What a run should reach. */
export const goals = {
  addedP50Ms: 15,
  share: 0.95,
  wakeSeconds: 4,
  idleBytes: 1.5 * 2 ** 30,
  drawnShare: 0.9,
  grownBytes: 100 * 2 ** 20,
  healthMs: 50,
} as const;

/** The whole page of results as Markdown. */
export function renderReport({ machine, latency, throughput, wake, memory, documents }: Results): string {
  return [
    "# Benchmark results",
    "",
    "Written by `npm run bench`; README.md in this folder says how each figure is made.",
    "",
    describe(machine),
    ...(latency ? ["", ...latencyTable(latency)] : []),
    ...(throughput ? ["", ...throughputTable(throughput)] : []),
    ...(wake ? ["", ...wakeTable(wake)] : []),
    ...(memory ? ["", ...memoryTable(memory)] : []),
    ...(documents ? ["", ...documentsTable(documents)] : []),
    "",
  ].join("\n");
}

function describe({ date, commit, cpu, cores, memoryGb, system, node, load }: Machine): string {
  const busy =
    Math.max(...load) > cores
      ? `\n\n**The machine was busy with other work** (load average above its ${cores} cores): absolute figures are too high, and goals were not fairly tried.`
      : "";
  return (
    `${date}, commit ${commit}: ${cores} cores of ${cpu}, ${memoryGb} GB, ${system}, Node ${node}. ` +
    `Load average ${load[0].toFixed(1)} before, ${load[1].toFixed(1)} after.${busy}`
  );
}

function latencyTable(latency: Readonly<Record<string, Latency>>): string[] {
  return [
    "## What the service adds to a request",
    "",
    `Milliseconds, engine \`null\`, one client. Goal: added p50 at 250 KB at most ${goals.addedP50Ms} ms.`,
    "",
    "| body | service p50 | p95 | plain uvicorn p50 | p95 | added p50 | p95 |",
    "|---|---|---|---|---|---|---|",
    ...Object.entries(latency).map(([name, l]) =>
      row([
        name,
        ...[l.service_p50, l.service_p95, l.plain_p50, l.plain_p95].map((ms) => ms.toFixed(1)),
        name === "250 KB" ? judged(l.added_p50.toFixed(1), l.added_p50 <= goals.addedP50Ms) : l.added_p50.toFixed(1),
        l.added_p95.toFixed(1),
      ]),
    ),
    "",
    "![Milliseconds a request, by size of its body](latency.svg)",
  ];
}

function throughputTable(throughput: Readonly<Record<string, Throughput>>): string[] {
  return [
    "## Pages a second",
    "",
    `Engine \`cpu\`, the sample page. Goal: at 2 clients at least ${goals.share * 100} % of the engine called directly.`,
    "",
    "| clients | service | engine called directly | share |",
    "|---|---|---|---|",
    ...Object.entries(throughput).map(([clients, { service, direct, share }]) => {
      const percent = `${(share * 100).toFixed(1)} %`;
      return row([
        clients,
        service.toFixed(3),
        direct.toFixed(3),
        clients === "2" ? judged(percent, share >= goals.share) : percent,
      ]);
    }),
  ];
}

function wakeTable(wake: Readonly<Record<string, readonly Wake[]>>): string[] {
  const show = (seconds: number | undefined) => (seconds === undefined ? "–" : seconds.toFixed(2));
  return [
    "## From zero to the first answer",
    "",
    `Seconds after the request. Goal: engine \`null\` answers in under ${goals.wakeSeconds} s.`,
    "",
    "| engine | wake-up | engine asked for | replica runs | engine ready | answered |",
    "|---|---|---|---|---|---|",
    ...Object.entries(wake).flatMap(([engine, times]) =>
      times.map(({ asked_for, replica_runs, ready, answered }, index) =>
        row([
          engine,
          String(index + 1),
          ...[asked_for, replica_runs, ready].map(show),
          engine === "null" ? judged(show(answered), answered < goals.wakeSeconds) : show(answered),
        ]),
      ),
    ),
  ];
}

function memoryTable({ engineAsleep, engineReady }: Memory): string[] {
  const mb = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MB`;
  return [
    "## Memory",
    "",
    `Proportional set size of all processes together. Goal: under ${mb(goals.idleBytes)} when idle.`,
    "",
    "| state | memory |",
    "|---|---|",
    row(["idle, engine `cpu` asleep", judged(mb(engineAsleep), engineAsleep < goals.idleBytes)]),
    row(["idle, engine `cpu` ready", judged(mb(engineReady), engineReady < goals.idleBytes)]),
  ];
}

function documentsTable({ null: none, cpu }: Documents): string[] {
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  const rate = (pages: number) => pages.toFixed(pages < 10 ? 3 : 1);
  const { long } = none;
  return [
    "## PDFs",
    "",
    "`POST /v1/ocr` with the sample page many times.",
    "",
    "| what | pages/s | of it | goal |",
    "|---|---|---|---|",
    row(["engine `null`, 100 pages", rate(none.service), "", ""]),
    row([
      "PDFium alone on all cores, drawing",
      rate(none.drawn),
      judged(percent(none.service / none.drawn), none.service >= goals.drawnShare * none.drawn),
      percent(goals.drawnShare),
    ]),
    row(["the same, and making image files", rate(none.encoded), percent(none.service / none.encoded), ""]),
    row(["engine `cpu`, 16 pages", rate(cpu.service), "", ""]),
    row([
      "engine `cpu` called directly with the images, two clients",
      rate(cpu.direct),
      judged(percent(cpu.service / cpu.direct), cpu.service >= goals.share * cpu.direct),
      percent(goals.share),
    ]),
    "",
    "| 1,000 pages as a stream, engine `null` | | goal |",
    "|---|---|---|",
    row(["pages/s", rate(long.pages_per_s), ""]),
    row([
      "Api and its children, page 50 to 1,000",
      judged(`${Math.round(long.memory_grown_bytes / 2 ** 20)} MB more`, long.memory_grown_bytes <= goals.grownBytes),
      `at most ${goals.grownBytes / 2 ** 20} MB`,
    ]),
    row(["first page", `${long.first_page_s.toFixed(2)} s`, `alone ${long.first_page_alone_s.toFixed(2)} s`]),
    row([
      "`/health`, p50 / p99 / longest",
      judged(
        `${[long.health.p50, long.health.p99, long.health.longest].map(Math.round).join(" / ")} ms`,
        long.health.p99 < goals.healthMs,
      ),
      `p99 under ${goals.healthMs} ms`,
    ]),
  ];
}
