import { join } from "node:path";
import { parse } from "yaml";
import { differences, type Identity, identityOf } from "../identity.ts";
import { optionalText } from "../optionalText.ts";
import { type Problem, ProblemError } from "../problems.ts";
import { noStackFile, stackFile } from "../pulumi/stack.ts";
import type { StackReport } from "../report/types.ts";
import { openSession, type Target } from "../session.ts";
import { type Checkpoint, readStackText, restore } from "../state/checkpoint.ts";
import { type HistoryRecord, runningCheckpoint } from "../state/history.ts";
import { readPast } from "../state/past.ts";
import { deploy } from "./deploy.ts";

/**
 * `promote --stack FROM --to TO`: deploys at TO the program that runs and was found good at FROM, with TO's own
 * configuration. Application, images and model must be the same. It first shows how the configurations differ.
 */
export async function promote(source: Target): Promise<StackReport> {
  const { run, name: from } = source;
  const to = run.args.to ?? "";
  const { checkpoint, record } = provedCheckpoint(source);
  const wanted = record.identity ?? { images: [] };
  const stackText = await optionalText(join(run.workDir, stackFile(to)));
  if (stackText === undefined) throw noStackFile(to, run.workDir);
  const say = (line: string) => run.say(to, line);
  const notes = [
    `Promoting checkpoint ${checkpoint.id} of ${from}${record.commit ? `, commit ${record.commit}` : ""}.`,
    ...configDifferences(await readStackText(checkpoint), stackText, from, to),
  ];
  for (const note of notes) say(note);
  const restored = await restore(checkpoint, to, run.workDir, stackText);
  try {
    const target = { run, name: to, past: await readPast(run.settings.state, to), say };
    const report = await deploy(await openSession(target, restored.workDir, true), {
      kind: "promote",
      workDir: restored.workDir,
      review: (planned) => mismatch(from, withoutDigests(wanted), identityOf(planned.registered)),
      verify: (identity) => mismatch(from, wanted, identity),
    });
    return { ...report, notes: [...notes, ...(report.notes ?? [])] };
  } finally {
    await restored.dispose();
  }
}

/** The checkpoint that runs at a location, and its deploy. Throws {@link ProblemError} unless that was found good. */
function provedCheckpoint({ name, past }: Target): { checkpoint: Checkpoint; record: HistoryRecord } {
  const id = runningCheckpoint(past.history);
  const last = past.history.findLast(({ kind }) => kind !== "smoke");
  const checkpoint = past.checkpoints.find((one) => one.id === id);
  if (checkpoint && last?.outcome === "good") return { checkpoint, record: last };
  const seen = last ? `its last deploy was "${last.outcome}"` : "it has no history here";
  throw new ProblemError(
    "promotion",
    `What runs at ${name} was not found good: ${seen}.`,
    `Run \`npm run deploy -- up --stack ${name}\` first.`,
  );
}

function mismatch(from: string, wanted: Identity, found: Identity): Problem | undefined {
  const lines = differences(wanted, found);
  if (lines.length === 0) return undefined;
  return {
    kind: "promotion",
    what: `This is not what runs at ${from}:\n${lines.join("\n")}`,
    advice:
      "Give both stack files the same `images`, `engine` and `app.vllm`. To be sure of images, name them by digest.",
  };
}

/** For comparison before a deploy, when the content behind a tag is not known yet. */
function withoutDigests({ digests: _, ...identity }: Identity): Identity {
  return identity;
}

/** How two stack files differ, one line for each setting. Encrypted values are never shown. */
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
