import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { differences, type Identity, identityOf } from "../identity.ts";
import { type Problem, ProblemError } from "../problems.ts";
import { stackFile } from "../pulumi/stack.ts";
import type { StackReport } from "../report/types.ts";
import type { Run } from "../session.ts";
import { type Checkpoint, listCheckpoints, readStackText, restore } from "../state/checkpoint.ts";
import { type HistoryRecord, readHistory, runningCheckpoint } from "../state/history.ts";
import { deploy } from "./deploy.ts";

/**
 * `promote --stack FROM --to TO`: deploys at TO the very program that runs and was found good at FROM, with TO's own
 * configuration. Application, images and model have to be the same; where the configurations differ is shown first.
 */
export async function promote(run: Run, from: string, to: string): Promise<StackReport> {
  const { checkpoint, record } = await running(run, from);
  const wanted = record.identity ?? { images: [] };
  const target = await readFile(join(run.workDir, stackFile(to)), "utf8").catch(() => {
    throw new ProblemError(
      "unknown-stack",
      `There is no ${stackFile(to)}.`,
      "Copy another location's file to that name.",
    );
  });
  const notes = [
    `Promoting checkpoint ${checkpoint.id} of ${from}${record.commit ? `, commit ${record.commit}` : ""}.`,
    ...configDifferences(await readStackText(checkpoint), target, from, to),
  ];
  for (const note of notes) run.say(to, note);
  const restored = await restore(checkpoint, to, run.workDir, target);
  try {
    const report = await deploy(run, to, {
      kind: "promote",
      workDir: restored.workDir,
      review: (planned) => mismatch(from, without(wanted), identityOf(planned.registered)),
      verify: (identity) => mismatch(from, wanted, identity),
    });
    return { ...report, notes: [...notes, ...(report.notes ?? [])] };
  } finally {
    await restored.dispose();
  }
}

/** What runs at a location; promoting asks that it was found good. */
async function running(run: Run, stack: string): Promise<{ checkpoint: Checkpoint; record: HistoryRecord }> {
  const history = await readHistory(run.settings.state, stack);
  const id = runningCheckpoint(history);
  const last = history.findLast(({ kind }) => kind !== "smoke");
  const checkpoint = (await listCheckpoints(run.settings.state, stack)).find((one) => one.id === id);
  if (checkpoint && last?.outcome === "good") return { checkpoint, record: last };
  const seen = last ? `its last deploy was "${last.outcome}"` : "it has no history here";
  throw new ProblemError(
    "promotion",
    `What runs at ${stack} was not found good: ${seen}.`,
    `Run \`npm run deploy -- up --stack ${stack}\` first.`,
  );
}

function mismatch(from: string, wanted: Identity, found: Identity): Problem | undefined {
  const lines = differences(wanted, found);
  if (lines.length === 0) return undefined;
  return {
    kind: "promotion",
    what: `This would not be what runs at ${from}:\n${lines.join("\n")}`,
    advice:
      "Make `images`, `engine` and `app.vllm` of both stack files agree; name images by digest to be sure of them.",
  };
}

/** Before a deploy nobody knows what content a tag will bring. */
function without({ digests: _, ...identity }: Identity): Identity {
  return identity;
}

/** Where two stack files differ, a line for each setting. Encrypted values are never shown. */
export function configDifferences(from: string, to: string, fromName: string, toName: string): string[] {
  const [a, b] = [flat(config(from)), flat(config(to))];
  const keys = [...new Set([...a.keys(), ...b.keys()])].sort();
  const lines = keys.flatMap((key) => {
    const [one, other] = [a.get(key), b.get(key)];
    return one === other
      ? []
      : [`config ${key}: ${one ?? "default"} at ${fromName}, ${other ?? "default"} at ${toName}`];
  });
  return lines.length > 0 ? lines : ["The configurations do not differ."];
}

function config(text: string): unknown {
  return (parse(text) as { config?: unknown } | null)?.config ?? {};
}

function flat(value: unknown, path = ""): Map<string, string> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return new Map([[path, JSON.stringify(value)]]);
  if ("secure" in value) return new Map([[path, "a secret"]]);
  const parts = Object.entries(value).flatMap(([key, item]) => [...flat(item, path ? `${path}.${key}` : key)]);
  return new Map(parts);
}
