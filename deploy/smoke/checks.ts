import { type Health, type OcrClient, type Reading, since } from "./client.ts";
import type { TextPage } from "./goldenSet.ts";
import { CheckFailed, readWell } from "./readWell.ts";
import { pageRequest } from "./request.ts";
import { ServiceError } from "./serviceError.ts";

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
  /** From a request to a sleeping engine to its first characters; undefined if the engine did not sleep. */
  readonly wakeSeconds?: number | undefined;
  /** What the service said about itself at the end. */
  readonly health?: Health | undefined;
}

export interface SmokeOptions {
  readonly model: string;
  /** The page to send. */
  readonly page: TextPage;
  /** The key; undefined if the service requires none. */
  readonly key: string | undefined;
  /** Longest wait for a page, including a cold start. */
  readonly pageTimeoutSeconds: number;
  /** How long to wait for the engine to fall asleep first, to measure how it wakes. Default 0: do not wait. */
  readonly sleepTimeoutSeconds?: number | undefined;
  readonly onCheck?: (check: Check) => void;
}

const ASK_AGAIN_MS = 2_000;

/** Checks everything that a client relies on at a deployed service. A check that fails does not stop the later ones. */
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
        // Anything else is a mistake in this program and must not look like one of the service.
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
  // If nothing answers at all, five more checks would only repeat that.
  if (alive || before) {
    await check("models", () => checkModels(client, options.model));
    await check("authorisation", () => checkAuthorisation(client, options));
    const state = await fallAsleep(client, before, options.sleepTimeoutSeconds ?? 0);
    const request = pageRequest(options.model, options.page.image, options.page.mediaType);
    await check("streaming", async () => {
      streamed = await client.stream(request, timeout(options));
      return `${readWell(streamed, options.page)}; first characters after ${seconds(streamed.firstTextSeconds)}.`;
    });
    await check("wake", async () => {
      if (state !== "asleep") return { skipped: `Not measured: the engine was ${state ?? "in an unknown state"}.` };
      wakeSeconds = streamed?.firstTextSeconds;
      if (wakeSeconds === undefined) throw new CheckFailed("The engine did not wake up.");
      return `From asleep to the first characters in ${seconds(wakeSeconds)}.`;
    });
    await check("page", async () => {
      const reading = await client.read(request, timeout(options));
      return `${readWell(reading, options.page, streamed)}, in ${seconds(reading.seconds)}.`;
    });
  }
  const health = await client.health().catch(() => before);
  return {
    passed: checks.every(({ result }) => result !== "failed"),
    checks,
    wakeSeconds,
    health,
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
    return "No key is required: anyone who can reach the service may call it.";
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

/** The engine's state before the first page, after waiting up to `timeoutSeconds` for it to fall asleep. */
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

function timeout({ pageTimeoutSeconds }: SmokeOptions): AbortSignal {
  return AbortSignal.timeout(pageTimeoutSeconds * 1_000);
}

function seconds(value: number | undefined): string {
  return value === undefined ? "no time" : `${value.toFixed(1)} s`;
}
