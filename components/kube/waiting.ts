import { formatReason, type Reason } from "./diagnose/index.ts";

export interface Clock {
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

/** The service did not start; the message says why and what to do. */
export class ServiceFailed extends Error {
  readonly reasons: readonly Reason[];
  constructor(message: string, reasons: readonly Reason[]) {
    super(message);
    this.name = "ServiceFailed";
    this.reasons = reasons;
  }
}

export const realClock: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};

/** A reason that is absent for less than this still counts as the same one: containers come and go in a crash loop. */
const FLICKER_SECONDS = 45;

/** All reasons but the one with the same key as `one`. */
export function without(reasons: readonly Reason[], one: Reason): Reason[] {
  return reasons.filter(({ key }) => key !== one.key);
}

/** The error of a wait: what failed, and at most three reasons, or `nothing` if there is none. */
export function failure(summary: string, reasons: readonly Reason[], nothing = NOTHING): ServiceFailed {
  const told = reasons.slice(0, 3).map(formatReason);
  return new ServiceFailed([summary, ...(told.length === 0 ? [nothing] : told)].join("\n"), reasons);
}

const NOTHING = "Nothing looks wrong in its pods; it may need more time (rayService.deployTimeoutSeconds).";

/** Remembers since when each reason has held, and finds the one that has held for too long. */
export class LastingReasons {
  readonly #seen = new Map<string, { since: number; last: number }>();

  update(reasons: readonly Reason[], now: number): Reason | undefined {
    for (const { key } of reasons) {
      const before = this.#seen.get(key);
      const same = before !== undefined && now - before.last <= FLICKER_SECONDS * 1_000;
      this.#seen.set(key, { since: same ? before.since : now, last: now });
    }
    return reasons.find(({ key, hopelessAfterSeconds }) => {
      const since = this.#seen.get(key)?.since ?? now;
      return hopelessAfterSeconds !== undefined && now - since >= hopelessAfterSeconds * 1_000;
    });
  }
}
