import { readOutputs } from "../outputs.ts";
import { classify, type Problem, ProblemError } from "../problems.ts";
import type { Score } from "../score/score.ts";
import type { Session } from "../session.ts";
import { type Smoke, smoke } from "../smoke/checks.ts";
import { OcrClient, since } from "../smoke/client.ts";
import { reach } from "../smoke/reach.ts";
import { type Proof, unproved } from "./proof.ts";
import { scorePages } from "./scorePages.ts";

/** Proves what was just deployed, if this run checks services. A proof that cannot be made is a failed one. */
export async function proveDeployed(session: Session, lastScore: Score | undefined): Promise<Proof> {
  if (!session.run.golden) return unproved();
  return prove(session, lastScore).catch((error: unknown) => unproved(classify(error)));
}

/**
 * Asks a deployed service everything that a client relies on, then reads and scores the golden pages.
 *
 * @param lastScore score below which the service may not fall; undefined if there is none to compare with.
 * @throws {ProblemError} if nothing is deployed, or the service cannot be reached.
 */
export async function prove(session: Session, lastScore: Score | undefined): Promise<Proof> {
  const { location, run, say } = session;
  const { args, golden } = run;
  if (!golden) throw new Error("This run has no golden pages to send.");
  const outputs = await readOutputs(session);
  const { model, key } = outputs;
  if (!outputs.endpoint) {
    throw new ProblemError(
      "smoke",
      "The stack has no output `endpoint`: nothing is deployed.",
      "Deploy it with `npm run deploy -- up`.",
    );
  }
  const way = await reach(outputs.endpoint, location, args.via);
  try {
    const client = new OcrClient(way.url, key);
    const begun = performance.now();
    const smoked = await smoke(client, {
      model,
      key,
      page: golden.smoke,
      pageTimeoutSeconds: location.pageTimeoutSeconds,
      sleepTimeoutSeconds: args.wake ? location.sleepTimeoutSeconds : 0,
      onCheck: ({ name, result, detail }) => say(`smoke ${name}: ${result}. ${detail}`),
    });
    const notes = way.by === "port-forward" ? ["Checked through a port-forward: the tailnet name did not answer."] : [];
    const report = { smoke: smoked, outputs: outputs.plain, notes };
    const seconds = { smoke: since(begun) };
    if (!smoked.passed) return { report, seconds, problem: smokeProblem(smoked) };
    if (!args.gate) return { report, seconds };
    const scored = await scorePages(session, { client, model, smoked, pages: golden.pages, lastScore });
    return {
      report: { ...report, ...scored.report },
      seconds: { ...seconds, ...scored.seconds },
      problem: scored.problem,
    };
  } finally {
    await way.close();
  }
}

function smokeProblem({ checks }: Smoke): Problem {
  const failed = checks.filter(({ result }) => result === "failed");
  return {
    kind: "smoke",
    what: failed.map(({ name, detail }) => `${name}: ${detail}`).join("\n"),
    advice: "The service is deployed but does not work; `kubectl -n NAMESPACE get rayservice,pods` shows more.",
  };
}
