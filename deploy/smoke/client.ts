import { z } from "zod";

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

const modelsSchema = z.object({ data: z.array(z.object({ id: z.string() })) });
const usageSchema = z.object({ prompt_tokens: z.number(), completion_tokens: z.number() });
const completionSchema = z.object({
  choices: z.array(z.object({ message: z.object({ content: z.string() }), finish_reason: z.string() })).min(1),
  usage: usageSchema,
});
const errorSchema = z.object({ error: z.object({ message: z.string() }) });
const chunkSchema = errorSchema.or(
  z.object({
    choices: z.array(
      z.object({ delta: z.object({ content: z.string().nullish() }), finish_reason: z.string().nullish() }),
    ),
    usage: usageSchema.nullish(),
  }),
);

/** What a page came back as. */
export interface Reading {
  readonly text: string;
  readonly finishReason: string;
  readonly completionTokens: number;
  /** From the request to its last byte. */
  readonly seconds: number;
  /** From the request to the first characters; for a stream only. */
  readonly firstTextSeconds?: number;
}

export interface Picture {
  readonly image: Uint8Array;
  readonly mediaType: string;
}

/** An answer that is not what OpenAI's API would give. The message is for people and holds no key. */
export class ServiceError extends Error {
  /** HTTP status, 0 where there was no answer. */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = "ServiceError";
    this.status = status;
  }
}

/** The instruction for every page: the one that makes DeepSeek-OCR write Markdown with its tables. */
const INSTRUCTION = "Convert the document to markdown.";
/** Health, models and refusals answer at once, whatever the engine does. */
const QUICK_MS = 15_000;

/** A deployed service, spoken to as any OpenAI client would. */
export class OcrClient {
  readonly #base: string;
  readonly #key: string | undefined;

  /** @param base URL of the service without `/v1`. */
  constructor(base: string, key?: string) {
    this.#base = base.replace(/\/+$/, "");
    this.#key = key;
  }

  /** The same service, asked with another key, or with none. */
  withKey(key: string | undefined): OcrClient {
    return new OcrClient(this.#base, key);
  }

  async health(): Promise<Health> {
    return this.#ask("/health", { signal: AbortSignal.timeout(QUICK_MS) }, async (response) => {
      // 503 carries a body as well: the engine's last start failed, and why.
      if (!response.ok && response.status !== 503) throw await refusal(response);
      return parse(healthSchema, safeJson(await response.text()), "/health");
    });
  }

  async models(): Promise<string[]> {
    return this.#ask("/v1/models", { signal: AbortSignal.timeout(QUICK_MS) }, async (response) => {
      if (!response.ok) throw await refusal(response);
      return parse(modelsSchema, safeJson(await response.text()), "/v1/models").data.map(({ id }) => id);
    });
  }

  /** Reads a page in one answer. */
  async read(model: string, picture: Picture, signal: AbortSignal): Promise<Reading> {
    const begun = performance.now();
    return this.#chat({ model, ...question(picture) }, signal, async (response) => {
      const body = parse(completionSchema, safeJson(await response.text()), "the answer");
      const choice = body.choices[0];
      return {
        text: choice?.message.content ?? "",
        finishReason: choice?.finish_reason ?? "",
        completionTokens: body.usage.completion_tokens,
        seconds: since(begun),
      };
    });
  }

  /**
   * Reads a page as a stream. This is also how to wait for a sleeping engine: Node's fetch gives up on an answer that
   * has not begun after 300 s, while a stream begins at once and is kept alive by comments.
   */
  async stream(model: string, picture: Picture, signal: AbortSignal): Promise<Reading> {
    const begun = performance.now();
    const options = { stream: true, stream_options: { include_usage: true } };
    return this.#chat({ model, ...options, ...question(picture) }, signal, async (response) => {
      let [text, finishReason, completionTokens, done] = ["", "", 0, false];
      let firstTextSeconds: number | undefined;
      for await (const data of events(response)) {
        if (data === "[DONE]") {
          done = true;
          break;
        }
        const chunk = parse(chunkSchema, safeJson(data), "a chunk of the stream");
        if ("error" in chunk) throw new ServiceError(response.status, chunk.error.message);
        const choice = chunk.choices[0];
        if (choice?.delta.content) firstTextSeconds ??= since(begun);
        text += choice?.delta.content ?? "";
        finishReason = choice?.finish_reason ?? finishReason;
        completionTokens = chunk.usage?.completion_tokens ?? completionTokens;
      }
      if (!done) throw new ServiceError(response.status, "The stream ended without [DONE].");
      const first = firstTextSeconds === undefined ? {} : { firstTextSeconds };
      return { text, finishReason, completionTokens, seconds: since(begun), ...first };
    });
  }

  async #chat<T>(body: object, signal: AbortSignal, take: (response: Response) => Promise<T>): Promise<T> {
    const headers = { "content-type": "application/json" };
    const request = { method: "POST", headers, body: JSON.stringify(body), signal };
    return this.#ask("/v1/chat/completions", request, async (response) => {
      if (!response.ok) throw await refusal(response);
      return take(response);
    });
  }

  /** One request. A connection that fails or breaks, and a time that runs out, is a ServiceError too. */
  async #ask<T>(path: string, request: RequestInit, take: (response: Response) => Promise<T>): Promise<T> {
    const headers = { ...request.headers, ...(this.#key ? { authorization: `Bearer ${this.#key}` } : {}) };
    try {
      return await take(await fetch(this.#base + path, { ...request, headers }));
    } catch (error) {
      if (error instanceof ServiceError) throw error;
      throw new ServiceError(0, `No answer from ${this.#base}${path}: ${reason(error)}`);
    }
  }
}

function question({ image, mediaType }: Picture): object {
  const url = `data:${mediaType};base64,${Buffer.from(image).toString("base64")}`;
  const content = [
    { type: "image_url", image_url: { url } },
    { type: "text", text: INSTRUCTION },
  ];
  return { messages: [{ role: "user", content }], temperature: 0 };
}

/** The data of each server-sent event. Comments, which keep a waiting stream alive, are passed over. */
async function* events(response: Response): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const bytes of response.body ?? []) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split(/\r?\n/);
    rest = lines.pop() ?? "";
    for (const line of lines) if (line.startsWith("data:")) yield line.slice(5).trim();
  }
}

async function refusal(response: Response): Promise<ServiceError> {
  const text = await response.text();
  const body = errorSchema.safeParse(safeJson(text));
  const message = body.success ? body.data.error.message : text.slice(0, 200) || response.statusText;
  return new ServiceError(response.status, `HTTP ${response.status}: ${message}`);
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function parse<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new ServiceError(200, `${what} is not what was expected: ${issue?.path.join(".")}: ${issue?.message}`);
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause as { code?: string; message?: string } | undefined;
  return error.name === "TimeoutError" ? "it took too long" : (cause?.code ?? cause?.message ?? error.message);
}

export function since(begun: number): number {
  return (performance.now() - begun) / 1_000;
}
