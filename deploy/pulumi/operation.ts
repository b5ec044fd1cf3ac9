import type { EngineEvent, Stack } from "@pulumi/pulumi/automation/index.js";
import { classify, type Problem } from "../problems.ts";
import { ChangeLog, type Changes } from "./changes.ts";

export type Operation = "preview" | "up" | "destroy" | "drift";

/** What came of an operation. It never throws for what Pulumi or the cluster refused. */
export interface Done extends Changes {
  readonly seconds: number;
  readonly problem?: Problem;
  /** Whether anything may have been touched: false where the operation ended before its first step. */
  readonly touched: boolean;
}

export interface OperationOptions {
  readonly policyPacks?: readonly string[];
  readonly onLine: (line: string) => void;
  /** Recorded with the update, for `pulumi stack history`. */
  readonly message?: string;
}

/** Runs one operation of the engine and gathers what it did. */
export async function runOperation(stack: Stack, operation: Operation, options: OperationOptions): Promise<Done> {
  const begun = performance.now();
  const log = new ChangeLog();
  const common = {
    color: "never" as const,
    suppressProgress: true,
    suppressOutputs: true,
    ...(options.message ? { message: options.message } : {}),
    onEvent: (event: EngineEvent) => {
      const line = log.take(event);
      if (line !== undefined) options.onLine(line);
    },
  };
  const packs = options.policyPacks ? { policyPacks: [...options.policyPacks] } : {};
  const run = {
    preview: () => stack.preview({ ...common, ...packs, diff: false }),
    up: () => stack.up({ ...common, ...packs }),
    destroy: () => stack.destroy(common),
    drift: () => stack.previewRefresh(common),
  }[operation];
  const problem = await run().then(
    () => undefined,
    (error: unknown) => problemOf(error, log.result),
  );
  const seconds = (performance.now() - begun) / 1_000;
  const touched = operation !== "preview" && log.result.changes.some(({ result }) => result !== "planned");
  return { ...log.result, seconds, touched, ...(problem ? { problem } : {}) };
}

function problemOf(error: unknown, { errors, violations }: Changes): Problem {
  const mandatory = violations.filter((violation) => violation.mandatory);
  if (mandatory.length > 0) {
    return {
      kind: "policy",
      what: mandatory.map(({ policy, resource, message }) => `${policy}: ${resource}: ${message}`).join("\n"),
      advice: "The policy pack in policy/ says why each rule is there.",
    };
  }
  return classify(error, errors);
}
