import { appendFile, writeFile } from "node:fs/promises";
import type { Arguments } from "../args.ts";
import { markdown } from "./markdown.ts";
import { terminal } from "./terminal.ts";
import type { RunReport } from "./types.ts";

interface Outlets {
  readonly environment: NodeJS.ProcessEnv;
  /** Standard output. */
  print(text: string): void;
}

/** Shows a report in every form that the command line asks for, and in the job's summary in GitHub Actions. */
export async function publish(
  report: RunReport,
  { json, summary }: Pick<Arguments, "json" | "summary">,
  { print, environment }: Outlets,
): Promise<void> {
  const text = markdown(report);
  if (json) print(`${JSON.stringify(report, null, 2)}\n`);
  else print(summary === "-" ? text : terminal(report));
  if (summary && summary !== "-") await writeFile(summary, text);
  if (environment.GITHUB_STEP_SUMMARY) await appendFile(environment.GITHUB_STEP_SUMMARY, text);
}
