import type { GoldenPage } from "../score/golden.ts";
import { percent } from "../score/score.ts";
import { characterErrorRate } from "../score/text.ts";
import { type Health, type OcrClient, type Reading, ServiceError, since } from "./client.ts";

/** What one check found. */
export interface Check {
  readonly name: "health" | "models" | "authorisation" | "wake" | "streaming" | "page";
  readonly result: "passed" | "failed" | "skipped";
  /** One sentence for people. */
  readonly detail: string;
  readonly seconds: number;
}

export interface Smoke {
  readonly passed: boolean;
  readonly checks: readonly Check[];
  /** From a request to a sleeping engine to its first characters; only where the engine slept. */
  readonly wakeSeconds?: number;
  /** What the service said of itself at the end. */
  readonly health?: Health;
}

export interface SmokeOptions {
  readonly model: string;
  /** The page that goes in; it needs a text. */
  readonly page: GoldenPage & { readonly text: string };
  /** The key, where the service asks for one. */
  readonly key: string | undefined;
  /** Longest wait for a page, a cold start included. */
  readonly pageTimeoutSeconds: number;
  /** Wait this long for the engine to fall asleep first, to measure how it wakes; 0 takes it as it is. */
  readonly sleepTimeoutSeconds?: number;
  readonly onCheck?: (check: Check) => void;
}

/** A page that is read with more wrong characters than this is not read at all. */
const WORST_ERROR_RATE = 0.2;
/** Two readings of one page by a GPU may differ in the last place, not in words. */
const STREAM_DIFFERENCE = 0.05;
const ASK_AGAIN_MS = 2_000;

class CheckFailed extends Error {}

/** Everything that a client relies on, asked of a deployed service. Later checks go on where earlier ones fail. */
export async function smoke(client: OcrClient, options: SmokeOptions): Promise<Smoke> {
  const checks: Check[] = [];
  const check = async (name: Check["name"], run: () => Promise<string | { skipped: string }>) => {
    const begun = performance.now();
    const found = await run().then(
      (said) =>
        typeof said === "string"
          ? { result: "passed" as const, detail: said }
          : { result: "skipped" as const, detail: said.skipped },
      (error: unknown) => {
        // Anything else is a mistake of this program and must not look like one of the service.
        if (!(error instanceof ServiceError || error instanceof CheckFailed)) throw error;
        return { result: "failed" as const, detail: error.message };
      },
    );
    const done: Check = { name, ...found, seconds: since(begun) };
    checks.push(done);
    options.onCheck?.(done);
    return found.result !== "failed";
  };

  let before: Health | undefined;
  let streamed: Reading | undefined;
  let wakeSeconds: number | undefined;
  const alive = await check("health", async () => {
    before = await client.health();
    const { state, reason } = before.engine;
    if (before.status === "failed") throw new CheckFailed(`The engine failed to start: ${reason ?? "no reason given"}`);
    return `The service answers; its engine is ${state}.`;
  });
  // Where nothing answers at all, six times "no answer" is no news.
  if (alive || before) {
    await check("models", () => checkModels(client, options.model));
    await check("authorisation", () => checkAuthorisation(client, options));
    const state = await fallAsleep(client, before, options.sleepTimeoutSeconds ?? 0);
    await check("streaming", async () => {
      streamed = await client.stream(options.model, options.page, timeout(options));
      return `${readWell(streamed, options.page)}; first characters after ${seconds(streamed.firstTextSeconds)}.`;
    });
    await check("wake", async () => {
      if (state !== "asleep") return { skipped: `Not measured: the engine was ${state ?? "in an unknown state"}.` };
      wakeSeconds = streamed?.firstTextSeconds;
      if (wakeSeconds === undefined) throw new CheckFailed("The engine did not wake up.");
      return `From asleep to the first characters in ${seconds(wakeSeconds)}.`;
    });
    await check("page", async () => {
      const reading = await client.read(options.model, options.page, timeout(options));
      const quality = readWell(reading, options.page);
      const difference = streamed ? characterErrorRate(reading.text, streamed.text) : 0;
      if (difference > STREAM_DIFFERENCE) {
        throw new CheckFailed(`The stream and the single answer differ in ${percent(difference)} of their characters.`);
      }
      return `${quality}, in ${seconds(reading.seconds)}.`;
    });
  }
  const health = await client.health().catch(() => before);
  return {
    passed: checks.every(({ result }) => result !== "failed"),
    checks,
    ...(wakeSeconds === undefined ? {} : { wakeSeconds }),
    ...(health === undefined ? {} : { health }),
  };
}

async function checkModels(client: OcrClient, model: string): Promise<string> {
  const models = await client.models();
  if (!models.includes(model))
    throw new CheckFailed(`"${model}" is not among the models: ${models.join(", ") || "none"}.`);
  return `It serves ${models.join(", ")}.`;
}

async function checkAuthorisation(client: OcrClient, { key }: SmokeOptions): Promise<string> {
  if (!key) {
    await client.withKey(undefined).models();
    return "No key is asked for: whoever reaches the service may call it.";
  }
  for (const [wrong, name] of [
    [undefined, "without a key"],
    [`${key}x`, "with a wrong key"],
  ] as const) {
    const status = await client
      .withKey(wrong)
      .models()
      .then(() => 200, statusOf);
    if (status !== 401) throw new CheckFailed(`A request ${name} was answered ${status} instead of 401.`);
  }
  return "Requests without a key and with a wrong one are refused.";
}

function statusOf(error: unknown): number {
  if (error instanceof ServiceError && error.status !== 0) return error.status;
  throw error;
}

/** The engine's state before the first page, after waiting for it to sleep where that was asked for. */
async function fallAsleep(client: OcrClient, before: Health | undefined, timeoutSeconds: number) {
  let state = before?.engine.state;
  const deadline = performance.now() + timeoutSeconds * 1_000;
  while (state !== "asleep" && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
    state = await client.health().then(
      ({ engine }) => engine.state,
      () => state,
    );
  }
  return state;
}

/** Says how well a page was read, or fails where it was not. */
function readWell(reading: Reading, page: SmokeOptions["page"]): string {
  const rate = characterErrorRate(reading.text, page.text);
  if (rate > WORST_ERROR_RATE) {
    const seen = reading.text.replace(/\s+/g, " ").slice(0, 60);
    throw new CheckFailed(`Page "${page.name}" came back with ${percent(rate)} wrong characters: "${seen}"`);
  }
  if (reading.finishReason !== "stop")
    throw new CheckFailed(`The page ended by "${reading.finishReason}", not by "stop".`);
  if (reading.completionTokens < 1) throw new CheckFailed("The usage counts no tokens.");
  return `Page "${page.name}" with ${percent(rate)} wrong characters`;
}

function timeout({ pageTimeoutSeconds }: SmokeOptions): AbortSignal {
  return AbortSignal.timeout(pageTimeoutSeconds * 1_000);
}

function seconds(value: number | undefined): string {
  return value === undefined ? "no time" : `${value.toFixed(1)} s`;
}
