/**
 * Ctrl-C and the end of a CI job. The first asks whatever runs to stop in order, the second to stop at once.
 * Without listeners of our own, Node would die and leave Pulumi behind in the middle of an update.
 */
export class Interrupt {
  readonly #handlers = new Set<() => void>();
  readonly #controller = new AbortController();
  readonly #listener: () => void;

  constructor(say: (line: string) => void, source: NodeJS.EventEmitter = process) {
    let times = 0;
    this.#listener = () => {
      times++;
      say(
        times === 1
          ? "Interrupted: finishing what is under way, so that the next run can go on from there. Once more stops at once."
          : "Interrupted again: stopping at once; the next run cleans up.",
      );
      this.#controller.abort();
      for (const handler of this.#handlers) handler();
    };
    for (const signal of ["SIGINT", "SIGTERM"]) source.on(signal, this.#listener);
    this.dispose = () => {
      for (const signal of ["SIGINT", "SIGTERM"]) source.off(signal, this.#listener);
    };
  }

  readonly dispose: () => void;

  /** Aborted from the first interrupt on. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get happened(): boolean {
    return this.#controller.signal.aborted;
  }

  /** Runs `work` with `onInterrupt` called at each interrupt meanwhile, and at once where there was one. */
  async during<T>(onInterrupt: () => void, work: Promise<T>): Promise<T> {
    if (this.happened) onInterrupt();
    this.#handlers.add(onInterrupt);
    try {
      return await work;
    } finally {
      this.#handlers.delete(onInterrupt);
    }
  }
}
