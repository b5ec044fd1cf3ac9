import OpenAI from "openai";
import type { ChatCompletionChunk, ChatCompletionCreateParamsNonStreaming } from "openai/resources/chat/completions";
import { Stream } from "openai/streaming";
import { z } from "zod";
import { expect, ServiceError, serviceError } from "./serviceError.ts";
import { watchEnd } from "./streamEnd.ts";

/** The parts of `GET /health` that deployments look at; serve-app/ocr_app/api/routes/health.py has them all. */
const healthSchema = z.object({
  status: z.enum(["ok", "failed"]),
  model: z.string(),
  engine: z.object({
    kind: z.string(),
    state: z.enum(["asleep", "starting", "ready", "failed"]),
    reason: z.string().nullish(),
    replicas_running: z.number(),
    replicas_wanted: z.number(),
  }),
  versions: z.record(z.string(), z.string()),
});
export type Health = z.infer<typeof healthSchema>;

// openai's types say what a service should answer. Here the service itself is being checked, so its answers are too.
const modelsSchema = z.array(z.object({ id: z.string() }));
const usageSchema = z.object({ completion_tokens: z.number() });
const completionSchema = z.object({
  choices: z.array(z.object({ message: z.object({ content: z.string() }), finish_reason: z.string() })).min(1),
  usage: usageSchema,
});
const chunkSchema = z.object({
  choices: z.array(
    z.object({ delta: z.object({ content: z.string().nullish() }), finish_reason: z.string().nullish() }),
  ),
  usage: usageSchema.nullish(),
});

/** What a page came back as. */
export interface Reading {
  readonly text: string;
  readonly finishReason: string;
  readonly completionTokens: number;
  /** From the request to its last byte. */
  readonly seconds: number;
  /** From the request to the first characters; for a stream only. */
  readonly firstTextSeconds?: number | undefined;
}

/** Health, models and refusals answer at once, whatever the engine does. */
const QUICK_MS = 15_000;
/** In effect never: each request has its own signal that ends it. */
const CLIENT_TIMEOUT_MS = 2 ** 31 - 1;

/** A deployed service, called as any OpenAI client would. Every method throws {@link ServiceError}. */
export class OcrClient {
  readonly #base: string;
  readonly #key: string | undefined;
  readonly #openai: OpenAI;

  /** @param base URL of the service without `/v1`. */
  constructor(base: string, key?: string) {
    this.#base = base.replace(/\/+$/, "");
    this.#key = key;
    this.#openai = new OpenAI({
      baseURL: `${this.#base}/v1`,
      // The checks need the first answer, whatever it is.
      maxRetries: 0,
      timeout: CLIENT_TIMEOUT_MS,
      logLevel: "off",
      // Set, because otherwise the client takes them from the environment, where they are for another service. It does
      // not accept an empty key; without one, the header is left out.
      apiKey: key ?? "none",
      adminAPIKey: null,
      organization: null,
      project: null,
      defaultHeaders: { Authorization: key ? `Bearer ${key}` : null },
    });
  }

  /** A client of this service that sends another key, or none. */
  withKey(key: string | undefined): OcrClient {
    return new OcrClient(this.#base, key);
  }

  /** What the service says about itself. */
  async health(): Promise<Health> {
    return this.#answer("/health", async (url) => {
      const headers: Record<string, string> = this.#key ? { authorization: `Bearer ${this.#key}` } : {};
      const response = await fetch(url, { headers, signal: AbortSignal.timeout(QUICK_MS) });
      const text = await response.text();
      // 503 carries a body as well: the engine's last start failed, and why.
      if (response.ok || response.status === 503) return expect(healthSchema, JSON.parse(text), "/health");
      throw OpenAI.APIError.generate(response.status, jsonOrNothing(text), text, response.headers);
    });
  }

  /** Names of the models that it serves. */
  async models(): Promise<string[]> {
    return this.#answer("/v1/models", async () => {
      const { data } = await this.#openai.models.list({ signal: AbortSignal.timeout(QUICK_MS) });
      return expect(modelsSchema, data, "/v1/models").map(({ id }) => id);
    });
  }

  /** Sends a chat request and takes its answer as a whole. */
  async read(request: ChatCompletionCreateParamsNonStreaming, signal: AbortSignal): Promise<Reading> {
    const begun = performance.now();
    return this.#answer("/v1/chat/completions", async () => {
      const answer = await this.#openai.chat.completions.create(request, { signal });
      const { choices, usage } = expect(completionSchema, answer, "the answer");
      return {
        text: choices[0]?.message.content ?? "",
        finishReason: choices[0]?.finish_reason ?? "",
        completionTokens: usage.completion_tokens,
        seconds: since(begun),
      };
    });
  }

  /**
   * Sends a chat request and takes its answer as a stream. This is also how to wait for a sleeping engine: Node's fetch
   * ends an answer that has not begun after 300 s, while a stream begins at once and comments keep it open.
   */
  async stream(request: ChatCompletionCreateParamsNonStreaming, signal: AbortSignal): Promise<Reading> {
    const begun = performance.now();
    return this.#answer("/v1/chat/completions", async () => {
      const streamed = { ...request, stream: true, stream_options: { include_usage: true } };
      const response = await this.#openai.chat.completions.create(streamed, { signal }).asResponse();
      const { watched, ended } = watchEnd(response);
      const chunks = Stream.fromSSEResponse<ChatCompletionChunk>(watched, new AbortController(), this.#openai);
      let [text, finishReason, completionTokens] = ["", "", 0];
      let firstTextSeconds: number | undefined;
      for await (const value of chunks) {
        const { choices, usage } = expect(chunkSchema, value, "a chunk of the stream");
        const choice = choices[0];
        if (choice?.delta.content) firstTextSeconds ??= since(begun);
        text += choice?.delta.content ?? "";
        finishReason = choice?.finish_reason ?? finishReason;
        completionTokens = usage?.completion_tokens ?? completionTokens;
      }
      if (!ended()) {
        // openai's client ends a stream that was aborted as if it were complete.
        signal.throwIfAborted();
        throw new ServiceError(response.status, "The stream ended without [DONE].");
      }
      return { text, finishReason, completionTokens, seconds: since(begun), firstTextSeconds };
    });
  }

  async #answer<T>(path: string, request: (url: string) => Promise<T>): Promise<T> {
    const url = this.#base + path;
    return request(url).catch((error: unknown) => {
      throw serviceError(error, url, this.#key);
    });
  }
}

function jsonOrNothing(text: string): object | undefined {
  try {
    return JSON.parse(text) as object;
  } catch {
    return undefined;
  }
}

/** Seconds from `begun`, which is a value of `performance.now()`, until now. */
export function since(begun: number): number {
  return (performance.now() - begun) / 1_000;
}
