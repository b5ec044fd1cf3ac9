import type { Problem } from "../problems.ts";
import { costOf } from "../report/cost.ts";
import type { GoldenPage } from "../score/golden.ts";
import { gateFailures, type Score } from "../score/score.ts";
import type { Session } from "../session.ts";
import type { Smoke } from "../smoke/checks.ts";
import { type OcrClient, since } from "../smoke/client.ts";
import { readGolden } from "../smoke/reader.ts";
import type { Proof } from "./proof.ts";

/** A service that passed its smoke checks, and what it is to be measured by. */
interface Candidate {
  readonly client: OcrClient;
  readonly model: string;
  readonly smoked: Smoke;
  readonly pages: readonly GoldenPage[];
  /** Score below which the service may not fall; undefined if there is none to compare with. */
  readonly lastScore: Score | undefined;
}

/** Reads the golden pages: how well, how fast, at what cost, and whether that passes the gate. */
export async function scorePages(
  { name, location, run, say }: Session,
  { client, model, smoked, pages, lastScore }: Candidate,
): Promise<Proof> {
  say(`reading ${pages.length} golden pages`);
  const begun = performance.now();
  const measured = await readGolden(client, model, pages, run.settings.clients, location.pageTimeoutSeconds);
  const seconds = { golden: since(begun) };
  const { score, pagesPerSecond, clients } = measured;
  const replicas = (await client.health().catch(() => smoked.health))?.engine.replicas_running ?? 1;
  const cost = costOf(run.settings.stacks[name], location, { pagesPerSecond, replicas });
  const failures = gateFailures(score, lastScore, run.settings.gate);
  return {
    report: { score, lastScore, pagesPerSecond, clients, cost },
    seconds,
    problem: failures.length > 0 ? gateProblem(failures) : undefined,
  };
}

function gateProblem(failures: readonly string[]): Problem {
  return {
    kind: "gate",
    what: failures.join("\n"),
    advice: "See which golden pages changed; `gate.allowedDrop` in deploy.yaml says how far a score may fall.",
  };
}
