import type { Problem } from "../problems.ts";
import { ProblemError } from "../problems.ts";
import { costOf } from "../report/cost.ts";
import type { StackReport } from "../report/types.ts";
import { type GoldenPage, loadGolden } from "../score/golden.ts";
import { gateFailures, type Score } from "../score/score.ts";
import { readOutputs, type Session } from "../session.ts";
import { type Smoke, smoke } from "../smoke/checks.ts";
import { OcrClient } from "../smoke/client.ts";
import { reach } from "../smoke/reach.ts";
import { readGolden } from "../smoke/reader.ts";

/** What was found of a deployed service; without a problem it is good. */
export interface Proof {
  readonly report: Pick<
    StackReport,
    "smoke" | "score" | "lastScore" | "pagesPerSecond" | "clients" | "outputs" | "cost" | "notes"
  >;
  readonly problem?: Problem;
  readonly seconds: Readonly<Record<string, number>>;
}

type TextPage = GoldenPage & { readonly text: string };

/** Asks a deployed service everything that a client relies on, reads the golden pages and compares the score. */
export async function prove(session: Session, lastScore: Score | undefined): Promise<Proof> {
  const { run, location, say } = session;
  const golden = await loadPages(session);
  const outputs = await readOutputs(session);
  if (!outputs.endpoint) {
    throw new ProblemError(
      "smoke",
      "The stack has no output `endpoint`: nothing is deployed.",
      "Deploy it with `npm run deploy -- up`.",
    );
  }
  const way = await reach(outputs.endpoint, location, run.args.via);
  try {
    const client = new OcrClient(way.url, outputs.key);
    let begun = performance.now();
    const smoked = await smoke(client, {
      model: outputs.model,
      page: golden.smoke,
      key: outputs.key,
      pageTimeoutSeconds: location.pageTimeoutSeconds,
      sleepTimeoutSeconds: run.args.wake ? location.sleepTimeoutSeconds : 0,
      onCheck: ({ name, result, detail }) => say(`smoke ${name}: ${result}. ${detail}`),
    });
    const seconds: Record<string, number> = { smoke: since(begun) };
    const notes =
      way.by === "port-forward" ? ["Checked through a port-forward: the tailnet name was not reached."] : [];
    const base = { smoke: smoked, outputs: outputs.plain, notes };
    if (!smoked.passed) return { report: base, seconds, problem: smokeProblem(smoked) };
    if (!run.args.gate) return { report: base, seconds };
    begun = performance.now();
    say(`reading ${golden.pages.length} golden pages`);
    const reading = await readGolden(
      client,
      outputs.model,
      golden.pages,
      run.settings.clients,
      location.pageTimeoutSeconds,
    );
    seconds.golden = since(begun);
    const { score, pagesPerSecond, clients } = reading;
    const replicas = (await client.health().catch(() => smoked.health))?.engine.replicas_running ?? 1;
    const price = run.settings.stacks[session.name];
    const cost = costOf(price, location.gpus, location.gpusPerReplica, { pagesPerSecond, replicas });
    const failures = gateFailures(score, lastScore, run.settings.gate);
    return {
      seconds,
      report: { ...base, score, pagesPerSecond, clients, cost, ...(lastScore ? { lastScore } : {}) },
      ...(failures.length > 0 ? { problem: gateProblem(failures) } : {}),
    };
  } finally {
    await way.close();
  }
}

/** The golden pages, and the one that smoke checks send: the first whose text is known. */
export async function loadPages({ run }: Pick<Session, "run">): Promise<{ pages: GoldenPage[]; smoke: TextPage }> {
  const folders = run.args.golden.length > 0 ? run.args.golden : run.settings.golden;
  const pages = await loadGolden(folders).catch((error: Error) => {
    throw new ProblemError("usage", error.message, "deploy/golden/README.md says what a golden page is.");
  });
  const page = pages.find((one): one is TextPage => one.text !== undefined);
  if (page) return { pages, smoke: page };
  throw new ProblemError(
    "usage",
    "No golden page has its whole text.",
    "Add NAME.md to one of them: smoke checks send it.",
  );
}

function smokeProblem({ checks }: Smoke): Problem {
  const failed = checks.filter(({ result }) => result === "failed");
  return {
    kind: "smoke",
    what: failed.map(({ name, detail }) => `${name}: ${detail}`).join("\n"),
    advice: "The service is deployed and does not do its work; `kubectl -n NAMESPACE get rayservice,pods` says more.",
  };
}

function gateProblem(failures: readonly string[]): Problem {
  return {
    kind: "gate",
    what: failures.join("\n"),
    advice: "See which golden pages changed; `gate.allowedDrop` in deploy.yaml is how far a score may fall.",
  };
}

const since = (begun: number) => (performance.now() - begun) / 1_000;
