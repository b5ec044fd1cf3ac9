import type { StackReport } from "../report/types.ts";
import type { Session } from "../session.ts";
import { appendHistory, type HistoryRecord, lastGoodScore } from "../state/history.ts";
import { prove } from "./prove.ts";
import { identityNow, proofRecord } from "./steps.ts";

/** `smoke`: checks and scores what is deployed, and changes nothing. */
export async function smoke(session: Session): Promise<StackReport> {
  const { run, name, past } = session;
  const proof = await prove(session, lastGoodScore(past.history));
  const identity = await identityNow(session);
  const record: HistoryRecord = { time: new Date().toISOString(), kind: "smoke", identity, ...proofRecord(proof) };
  await appendHistory(run.settings.state, name, record);
  const { report, seconds, problem } = proof;
  return { stack: name, ...report, identity, seconds, history: [...past.history, record], problem };
}
