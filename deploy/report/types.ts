import type { Command } from "../args.ts";
import type { Identity } from "../identity.ts";
import type { Problem } from "../problems.ts";
import type { Change, Violation } from "../pulumi/changes.ts";
import type { Score } from "../score/score.ts";
import type { Smoke } from "../smoke/checks.ts";
import type { HistoryRecord } from "../state/history.ts";

/** The result of a command at one location. It holds no secret once it has gone through a Masker. */
export interface StackReport {
  readonly stack: string;
  /** What went wrong; undefined if all is well. */
  readonly problem?: Problem | undefined;
  /** What the deploy did, or would do; undefined if it did not get that far. */
  readonly changes?: readonly Change[] | undefined;
  readonly same?: number | undefined;
  readonly warnings?: readonly string[] | undefined;
  readonly violations?: readonly Violation[] | undefined;
  /** Outputs of the stack that are not secret. */
  readonly outputs?: Readonly<Record<string, unknown>> | undefined;
  readonly smoke?: Smoke | undefined;
  readonly score?: Score | undefined;
  readonly lastScore?: Score | undefined;
  readonly pagesPerSecond?: number | undefined;
  readonly clients?: number | undefined;
  readonly identity?: Identity | undefined;
  readonly cost?: Cost | undefined;
  /** What else was done, one sentence each. */
  readonly notes?: readonly string[] | undefined;
  readonly rollback?: Rollback | undefined;
  /** Seconds of each phase. */
  readonly seconds?: Readonly<Record<string, number>> | undefined;
  readonly status?: Status | undefined;
  /** Earlier deploys and checks, oldest first, then this one. */
  readonly history?: readonly HistoryRecord[] | undefined;
}

/** What a location costs. */
export interface Cost {
  readonly gpus: { readonly most: number; readonly least: number };
  readonly currency: string;
  readonly gpuPricePerHour?: number | undefined;
  /** Cost of the GPUs that read the pages, at the measured speed; undefined if price or speed is not known. */
  readonly perMillionPages?: number | undefined;
}

export interface Rollback {
  /** Id of the checkpoint that was deployed again. */
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
