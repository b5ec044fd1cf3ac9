/**
 * Ctrl-C and the end of a CI job. The first one lets what is running stop in order, the second stops it immediately.
 * Without these listeners Node would end and leave Pulumi alone in the middle of an update.
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
          ? "Interrupted: finishing what is running, so that the next run can continue. Press Ctrl-C again to stop immediately."
          : "Interrupted again: stopping immediately. The next run cleans up.",
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

  /** Aborted by the first interrupt. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Whether there was an interrupt. */
  get happened(): boolean {
    return this.#controller.signal.aborted;
  }

  /** Waits for `work`. Calls `onInterrupt` at each interrupt until then, and right away if there was one before. */
  async passOn<T>(onInterrupt: () => void, work: Promise<T>): Promise<T> {
    if (this.happened) onInterrupt();
    this.#handlers.add(onInterrupt);
    try {
      return await work;
    } finally {
      this.#handlers.delete(onInterrupt);
    }
  }
}
