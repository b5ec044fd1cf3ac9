import OpenAI from "openai";
import type { Answer } from "./caller.ts";

/** Sends requests as a program with the openai package does: with its retries (two, on 5xx and lost connections). */
export class OpenAiClient {
  readonly #client: OpenAI;
  readonly #request: OpenAI.ChatCompletionCreateParamsNonStreaming;
  #failedAttempts = 0;

  /** @param url address of the service, without a path. @param request body of every request. */
  constructor(url: string, request: unknown) {
    this.#request = request as OpenAI.ChatCompletionCreateParamsNonStreaming;
    this.#client = new OpenAI({
      baseURL: `${url}/v1`,
      apiKey: "none",
      timeout: 180_000,
      fetch: async (input, init) => {
        try {
          const response = await fetch(input, init);
          if (!response.ok) this.#failedAttempts += 1;
          return response;
        } catch (error) {
          this.#failedAttempts += 1;
          throw error;
        }
      },
    });
  }

  /** HTTP attempts that failed, retried or not. */
  get failedAttempts(): number {
    return this.#failedAttempts;
  }

  /** Send the request once more; resolves with its answer, also where it failed. */
  readonly query = async (): Promise<Answer> => {
    const started = performance.now();
    const done = (status: number, text: string) => ({ status, text, milliseconds: performance.now() - started });
    try {
      const answer = await this.#client.chat.completions.create(this.#request);
      return done(200, answer.choices[0]?.message.content ?? "");
    } catch (error) {
      const status = error instanceof OpenAI.APIError ? (error.status ?? 0) : 0;
      return done(status, error instanceof Error ? error.message : String(error));
    }
  };
}
