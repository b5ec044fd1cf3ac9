import { countChanges } from "../pulumi/changes.ts";
import { percent, type Score } from "../score/score.ts";
import { historyChart } from "./chart.ts";
import { sayCost } from "./cost.ts";
import type { RunReport, StackReport } from "./types.ts";

/** By this a workflow finds the comment that it wrote earlier; see .github/workflows/preview.yml. */
export const MARKER = "<!-- deepseek-ocr deploy -->";
/** How many changes to list: a comment on a pull request may have 65,536 characters. */
const MOST_CHANGES = 40;

/** The report of a run as Markdown, for pull requests and job summaries: what changed, whether OCR works, what it costs. */
export function markdown(run: RunReport): string {
  const parts =
    run.command === "status" ? statusTable(run.stacks) : run.stacks.flatMap((report) => section(run, report));
  return `${[MARKER, `## ${title(run)}`, "", ...parts].join("\n").trimEnd()}\n`;
}

function title({ command, stacks, exitCode }: RunReport): string {
  const failed = stacks.filter(({ problem }) => problem).length;
  const verdict = exitCode === 0 ? "✅" : failed < stacks.length ? `❌ ${failed} of ${stacks.length} locations` : "❌";
  return `${verdict} ${command}: ${stacks.map(({ stack }) => stack).join(", ")}`;
}

function section(run: RunReport, report: StackReport): string[] {
  return [
    `### ${report.problem ? "❌" : "✅"} ${report.stack}`,
    "",
    ...problem(report),
    ...rollback(report),
    ...table(run, report),
    ...notes(report),
    ...changes(report),
    ...checks(report),
    ...pages(report),
    ...historyChart(report.history ?? []),
    "",
  ];
}

function problem({ problem: found }: StackReport): string[] {
  if (!found) return [];
  return [...quoteBlock(`**${found.kind}**: ${found.what}`), ">", ...quoteBlock(found.advice), ""];
}

function rollback({ rollback: done }: StackReport): string[] {
  if (!done) return [];
  const sign = done.result === "restored" ? "↩️ rolled back" : "⚠️ rollback failed";
  return [`${sign} to checkpoint \`${done.checkpoint}\`: ${cell(done.detail)}`, ""];
}

/** The figures that a maintainer reads first. */
function table({ command }: RunReport, report: StackReport): string[] {
  const { changes: list, same, smoke, score, lastScore, pagesPerSecond, clients, cost, identity, seconds } = report;
  const verb = command === "preview" ? "would change" : command === "drift" ? "differs" : "changed";
  const rows: [string, string][] = [];
  if (list) rows.push([verb, `${countChanges(list)}${same ? `, ${same} the same` : ""}`]);
  if (smoke) rows.push(["OCR works", smokeLine(smoke)]);
  if (score) rows.push(["score", scoreLine(score, lastScore)]);
  if (pagesPerSecond) rows.push(["speed", `${pagesPerSecond.toFixed(2)} pages/s with ${clients ?? 1} clients`]);
  if (smoke?.wakeSeconds) rows.push(["wake from zero", `${smoke.wakeSeconds.toFixed(1)} s`]);
  if (cost) rows.push(["cost", `${sayCost(cost)}; GPUs ${cost.gpus.least} asleep, up to ${cost.gpus.most} awake`]);
  if (identity)
    rows.push([
      "version",
      [identity.app && `app ${identity.app}`, identity.model, ...identity.images].filter(Boolean).join(", "),
    ]);
  if (seconds)
    rows.push([
      "time",
      Object.entries(seconds)
        .map(([name, value]) => `${name} ${value.toFixed(1)} s`)
        .join(", "),
    ]);
  if (rows.length === 0) return [];
  return ["| | |", "| --- | --- |", ...rows.map(([name, value]) => `| ${name} | ${cell(value)} |`), ""];
}

function smokeLine({ checks: list, passed }: NonNullable<StackReport["smoke"]>): string {
  const done = list.filter(({ result }) => result === "passed").length;
  const skipped = list.filter(({ result }) => result === "skipped").length;
  return `${passed ? "yes" : "**no**"}: ${done} of ${list.length - skipped} checks passed`;
}

/** A score in words, with the last good one to compare. */
export function scoreLine(score: Score, last?: Score): string {
  const one = (name: string, value: number | undefined, before: number | undefined) => {
    if (value === undefined) return [];
    const change = before === undefined ? "" : ` (before ${percent(before)})`;
    return [`${percent(value)} ${name}${change}`];
  };
  const parts = [...one("of characters", score.accuracy, last?.accuracy), ...one("of facts", score.facts, last?.facts)];
  return parts.join(", ") || "nothing was scored";
}

function notes({ notes: said = [], warnings = [], outputs }: StackReport): string[] {
  const endpoint = outputs?.endpoint ? [`The service is at \`${String(outputs.endpoint)}\`.`] : [];
  const lines = [...endpoint, ...said, ...warnings.map((warning) => `⚠️ ${warning}`)];
  return lines.length > 0 ? [...lines.map((line) => `- ${cell(line)}`), ""] : [];
}

function changes({ changes: list = [], violations = [] }: StackReport): string[] {
  const broken = violations.map(
    ({ policy, resource, message, mandatory }) =>
      `- ${mandatory ? "❌" : "⚠️"} ${policy}: ${resource}: ${cell(message)}`,
  );
  if (list.length === 0) return broken.length > 0 ? [...broken, ""] : [];
  const rows = list.slice(0, MOST_CHANGES).map(({ op, type, name, properties, result, seconds }) => {
    const outcome = result === "planned" ? "" : seconds ? `${result} in ${seconds} s` : result;
    return `| ${op} | ${name} | ${type} | ${cell(properties.slice(0, 6).join(", "))}${properties.length > 6 ? ", …" : ""} | ${outcome} |`;
  });
  const rest = list.length > MOST_CHANGES ? [`| … | ${list.length - MOST_CHANGES} more | | | |`] : [];
  return fold(`Resources: ${countChanges(list)}`, [
    "| | name | type | properties | |",
    "| --- | --- | --- | --- | --- |",
    ...rows,
    ...rest,
    "",
    ...broken,
  ]);
}

function checks({ smoke }: StackReport): string[] {
  if (!smoke) return [];
  const signs = { passed: "✅", failed: "❌", skipped: "⏭️" } as const;
  const rows = smoke.checks.map(({ name, result, detail }) => `| ${signs[result]} | ${name} | ${cell(detail)} |`);
  return fold(
    `Checks: ${smokeLine(smoke).replaceAll("*", "")}`,
    ["| | check | |", "| --- | --- | --- |", ...rows],
    !smoke.passed,
  );
}

function pages({ score }: StackReport): string[] {
  if (!score) return [];
  const rows = score.pages.map(({ name, errorRate, facts, failed, seconds, refused }) => {
    const wrong = errorRate === undefined ? "" : percent(errorRate);
    const why = refused ?? failed.map(({ id, why }) => `${id}: ${why}`).join("; ");
    return `| ${name} | ${wrong} | ${facts - failed.length}/${facts} | ${seconds.toFixed(1)} s | ${cell(why)} |`;
  });
  return fold("Golden pages", [
    "| page | wrong characters | facts | time | |",
    "| --- | --- | --- | --- | --- |",
    ...rows,
  ]);
}

function statusTable(stacks: readonly StackReport[]): string[] {
  const columns = ["location", "version", "replicas", "engine", "last smoke", "last score", "GPUs", "cost"];
  const rows = stacks.map(({ stack, status, problem: found }) => {
    if (!status) return [stack, found?.kind ?? "unknown", "", "", "", "", "", ""];
    const { version, replicas, engine, lastSmoke, lastScore, gpus, cost } = status;
    return [stack, version, replicas, engine, lastSmoke, lastScore, gpus, cost];
  });
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(" | ")} |`;
  const problems = stacks.flatMap((report) => (report.problem ? [`**${report.stack}**`, "", ...problem(report)] : []));
  return [line(columns), line(columns.map(() => "---")), ...rows.map(line), "", ...problems];
}

function fold(summary: string, lines: readonly string[], open = false): string[] {
  return [`<details${open ? " open" : ""}><summary>${summary}</summary>`, "", ...lines, "", "</details>", ""];
}

/** Text for a table cell: without line breaks and characters that would end the cell or begin a tag. */
function cell(text: string): string {
  return text
    .replace(/\s*\n\s*/g, " ")
    .replaceAll("|", "\\|")
    .replaceAll("<", "&lt;");
}

function quoteBlock(text: string): string[] {
  return text.split("\n").map((line) => `> ${line.replaceAll("<", "&lt;")}`);
}
