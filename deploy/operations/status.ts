import { deployedIdentity } from "../deployed.ts";
import type { Identity } from "../identity.ts";
import { type Outputs, readOutputs } from "../outputs.ts";
import { costOf, sayCost } from "../report/cost.ts";
import type { StackReport, Status } from "../report/types.ts";
import { percent } from "../score/score.ts";
import type { Session } from "../session.ts";
import { OcrClient } from "../smoke/client.ts";
import { reach } from "../smoke/reach.ts";
import type { HistoryRecord } from "../state/history.ts";

/** Longest reason, in characters, that fits into a table. */
const LONGEST = 80;

/** `status`: what runs at a location, and what is known about it. Changes nothing and wakes no engine. */
export async function status(session: Session): Promise<StackReport> {
  const { run, name, location, past } = session;
  const { history, checkpoints } = past;
  const outputs = await readOutputs(session);
  const identity = await deployedIdentity(session);
  const engine = await engineOf(session, outputs);
  const pagesPerSecond = latest(history, (record) => record.pagesPerSecond);
  const cost = costOf(
    run.settings.stacks[name],
    location,
    pagesPerSecond ? { pagesPerSecond, replicas: 1 } : undefined,
  );
  const { least, most } = location.gpus;
  return {
    stack: name,
    identity,
    cost,
    history,
    outputs: outputs.plain,
    status: {
      version: version(identity),
      ...engine,
      lastSmoke: lastSmoke(history),
      lastScore: lastScore(history),
      gpus: most === 0 ? "none" : `${least} to ${most}`,
      cost: sayCost(cost),
      checkpoints: checkpoints.map(({ id }) => id),
    },
  };
}

/** What the service says about its engine, or why it says nothing. */
async function engineOf(
  { run, location }: Session,
  { endpoint, key }: Outputs,
): Promise<Pick<Status, "replicas" | "engine">> {
  if (!endpoint) return { replicas: "", engine: "not deployed" };
  try {
    const way = await reach(endpoint, location, run.args.via);
    const { engine } = await new OcrClient(way.url, key).health().finally(() => way.close());
    return {
      replicas: `${engine.replicas_running} of ${engine.replicas_wanted}`,
      engine: `${engine.kind}, ${engine.state}${engine.reason ? `: ${engine.reason.slice(0, LONGEST)}` : ""}`,
    };
  } catch (error) {
    return { replicas: "", engine: `unreachable: ${(error as Error).message.split("\n")[0]?.slice(0, LONGEST)}` };
  }
}

function version({ app, model, images }: Identity): string {
  return [app && `app ${app}`, model, ...images].filter(Boolean).join(", ") || "nothing deployed";
}

function lastSmoke(history: readonly HistoryRecord[]): string {
  const record = history.findLast(({ smokePassed }) => smokePassed !== undefined);
  return record ? `${record.smokePassed ? "passed" : "failed"} ${record.time.slice(0, 16).replace("T", " ")}` : "never";
}

function lastScore(history: readonly HistoryRecord[]): string {
  const score = latest(history, (record) => record.score);
  if (!score) return "none";
  const parts = [score.accuracy, score.facts].map((value) => (value === undefined ? "–" : percent(value)));
  return `${parts[0]} characters, ${parts[1]} facts`;
}

function latest<T>(history: readonly HistoryRecord[], pick: (record: HistoryRecord) => T | undefined): T | undefined {
  return history.map(pick).findLast((value) => value !== undefined);
}
