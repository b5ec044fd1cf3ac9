import type { Command } from "../args.ts";
import type { Identity } from "../identity.ts";
import type { Problem } from "../problems.ts";
import type { Change, Violation } from "../pulumi/changes.ts";
import type { Score } from "../score/score.ts";
import type { Smoke } from "../smoke/checks.ts";
import type { HistoryRecord } from "../state/history.ts";

/** What came of a command at one location. Holds no secret once it has gone through a Masker. */
export interface StackReport {
  readonly stack: string;
  /** What went wrong; a report without is good. */
  readonly problem?: Problem;
  /** What the deploy did, or would do; missing where it did not come to that. */
  readonly changes?: readonly Change[];
  readonly same?: number;
  readonly warnings?: readonly string[];
  readonly violations?: readonly Violation[];
  /** Plain outputs of the stack. */
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly smoke?: Smoke;
  readonly score?: Score;
  readonly lastScore?: Score;
  readonly pagesPerSecond?: number;
  readonly clients?: number;
  readonly identity?: Identity;
  readonly cost?: Cost;
  /** What was done besides, a sentence each. */
  readonly notes?: readonly string[];
  readonly rollback?: Rollback;
  /** Seconds of each phase. */
  readonly seconds?: Readonly<Record<string, number>>;
  readonly status?: Status;
  /** Earlier deploys and checks, oldest first, this one last. */
  readonly history?: readonly HistoryRecord[];
}

/** What a location costs. */
export interface Cost {
  readonly gpus: { readonly most: number; readonly least: number };
  readonly currency: string;
  readonly gpuPricePerHour?: number;
  /** Cost of the GPUs that read the pages, at the measured speed. */
  readonly perMillionPages?: number;
}

export interface Rollback {
  /** Checkpoint that was brought back. */
  readonly checkpoint: string;
  readonly result: "restored" | "failed";
  readonly detail: string;
}

/** A line of the table of all locations. */
export interface Status {
  readonly version: string;
  readonly replicas: string;
  readonly engine: string;
  readonly lastSmoke: string;
  readonly lastScore: string;
  readonly gpus: string;
  readonly cost: string;
  readonly checkpoints: readonly string[];
}

/** One run of the program: the document that --json prints. */
export interface RunReport {
  readonly command: Command;
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly seconds: number;
  readonly exitCode: number;
  readonly stacks: readonly StackReport[];
}
