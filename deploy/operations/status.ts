import type { Identity } from "../identity.ts";
import { costOf, sayCost } from "../report/cost.ts";
import type { StackReport } from "../report/types.ts";
import { percent } from "../score/score.ts";
import { deployedIdentity, openSession, type Run, readOutputs } from "../session.ts";
import { type Health, OcrClient } from "../smoke/client.ts";
import { reach } from "../smoke/reach.ts";
import { listCheckpoints } from "../state/checkpoint.ts";
import { type HistoryRecord, readHistory } from "../state/history.ts";

/** `status`: what runs at a location, and what is known of it. Touches nothing and wakes no engine. */
export async function status(run: Run, name: string): Promise<StackReport> {
  const session = await openSession(run, name, run.workDir, false);
  const { location } = session;
  const outputs = await readOutputs(session);
  const identity = await deployedIdentity(session);
  const history = await readHistory(run.settings.state, name);
  const health = outputs.endpoint ? await askHealth(outputs.endpoint, outputs.key, run, location) : "not deployed";
  const pagesPerSecond = latest(history, (record) => record.pagesPerSecond);
  const measured = pagesPerSecond ? { pagesPerSecond, replicas: 1 } : undefined;
  const cost = costOf(run.settings.stacks[name], location.gpus, location.gpusPerReplica, measured);
  const checkpoints = (await listCheckpoints(run.settings.state, name)).map(({ id }) => id);
  return {
    stack: name,
    identity,
    cost,
    history,
    outputs: outputs.plain,
    status: {
      version: version(identity),
      replicas:
        typeof health === "string" ? "" : `${health.engine.replicas_running} of ${health.engine.replicas_wanted}`,
      engine: typeof health === "string" ? health : engine(health),
      lastSmoke: lastSmoke(history),
      lastScore: lastScore(history),
      gpus: location.gpus.most === 0 ? "none" : `${location.gpus.least} to ${location.gpus.most}`,
      cost: sayCost(cost),
      checkpoints,
    },
  };
}

async function askHealth(
  endpoint: string,
  key: string | undefined,
  run: Run,
  location: Parameters<typeof reach>[1],
): Promise<Health | string> {
  try {
    const way = await reach(endpoint, location, run.args.via);
    return await new OcrClient(way.url, key).health().finally(() => way.close());
  } catch (error) {
    return `unreachable: ${(error as Error).message.split("\n")[0]?.slice(0, 80)}`;
  }
}

function engine({ engine: { kind, state, reason } }: Health): string {
  return `${kind}, ${state}${reason ? `: ${reason.slice(0, 80)}` : ""}`;
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
