import { stripVTControlCharacters } from "node:util";
import { countChanges } from "../pulumi/changes.ts";
import { sayCost } from "./cost.ts";
import { scoreLine } from "./markdown.ts";
import type { RunReport, StackReport } from "./types.ts";

/** The report of a run as plain lines, for a terminal. */
export function terminal(run: RunReport): string {
  const lines = run.command === "status" ? statusLines(run.stacks) : run.stacks.flatMap(stackLines);
  return `\n${lines.join("\n")}\n`;
}

function stackLines(report: StackReport): string[] {
  const {
    stack,
    problem,
    changes,
    same,
    smoke,
    score,
    lastScore,
    pagesPerSecond,
    cost,
    rollback,
    outputs,
    notes = [],
  } = report;
  const lines = [`${stack}: ${problem ? `FAILED (${problem.kind})` : "ok"}`];
  const add = (name: string, value: string) => lines.push(`  ${name.padEnd(10)} ${value}`);
  if (changes) add("changes", `${countChanges(changes)}${same ? `, ${same} the same` : ""}`);
  for (const { op, name, type, properties, result } of changes ?? []) {
    lines.push(
      `    ${op} ${type} ${name}${properties.length > 0 ? ` [${properties.slice(0, 6).join(", ")}]` : ""}${result === "failed" ? " FAILED" : ""}`,
    );
  }
  for (const { name, result, detail } of smoke?.checks ?? []) add(name, `${result}: ${detail}`);
  if (score) add("score", scoreLine(score, lastScore));
  if (pagesPerSecond) add("speed", `${pagesPerSecond.toFixed(2)} pages/s`);
  if (cost) add("cost", sayCost(cost));
  if (outputs?.endpoint) add("endpoint", String(outputs.endpoint));
  for (const note of notes) add("note", note);
  if (problem) {
    for (const line of problem.what.split("\n")) add("problem", line);
    add("what to do", problem.advice);
  }
  if (rollback) add("rollback", `${rollback.result} ${rollback.checkpoint}: ${rollback.detail}`);
  return lines;
}

/** A table whose columns line up. */
function statusLines(stacks: readonly StackReport[]): string[] {
  const head = ["LOCATION", "VERSION", "REPLICAS", "ENGINE", "LAST SMOKE", "LAST SCORE", "GPUS", "COST"];
  const rows = stacks.map(({ stack, status, problem }) => {
    if (!status) return [stack, problem?.kind ?? "unknown"];
    const { version, replicas, engine, lastSmoke, lastScore, gpus, cost } = status;
    return [stack, version, replicas, engine, lastSmoke, lastScore, gpus, cost];
  });
  const all = [head, ...rows].map((row) => row.map((text) => stripVTControlCharacters(text)));
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const table = all.map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  const checkpoints = stacks.flatMap(({ stack, status }) =>
    status && status.checkpoints.length > 0 ? [`${stack}: checkpoints ${status.checkpoints.join(", ")}`] : [],
  );
  const problems = stacks.flatMap(({ stack, problem }) =>
    problem ? [`${stack}: ${problem.what} ${problem.advice}`] : [],
  );
  return [...table, "", ...checkpoints, ...problems];
}
