import type { Answer } from "./caller.ts";

export interface LoadReport {
  readonly requests: number;
  readonly failures: readonly Answer[];
  /** Slowest answer, in seconds. */
  readonly slowest: number;
  /** Longest time in which no client got an answer, in seconds. */
  readonly longestSilence: number;
}

/**
 * Clients that send one request after the other until {@link stop}. A pause between an answer and the next request leaves
 * the cores of a small machine to the cluster. Every answer counts.
 */
export class Load {
  readonly #running: Promise<void>[];
  readonly #failures: Answer[] = [];
  #requests = 0;
  #slowest = 0;
  #lastAnswer = performance.now();
  #longestSilence = 0;
  #stopped = false;

  /** @param query sends one request and resolves with its answer. */
  constructor(query: () => Promise<Answer>, options: { clients: number; pauseMilliseconds: number }) {
    this.#running = Array.from({ length: options.clients }, () => this.#client(query, options.pauseMilliseconds));
  }

  /** Answers so far. */
  get requests(): number {
    return this.#requests;
  }

  async stop(): Promise<LoadReport> {
    this.#stopped = true;
    await Promise.all(this.#running);
    return {
      requests: this.#requests,
      failures: this.#failures,
      slowest: this.#slowest / 1_000,
      longestSilence: this.#longestSilence / 1_000,
    };
  }

  async #client(query: () => Promise<Answer>, pauseMilliseconds: number): Promise<void> {
    while (!this.#stopped) {
      const answer = await query();
      const now = performance.now();
      this.#requests += 1;
      if (answer.status !== 200) this.#failures.push(answer);
      this.#slowest = Math.max(this.#slowest, answer.milliseconds);
      this.#longestSilence = Math.max(this.#longestSilence, now - this.#lastAnswer);
      this.#lastAnswer = now;
      await new Promise((resolve) => setTimeout(resolve, pauseMilliseconds));
    }
  }
}
