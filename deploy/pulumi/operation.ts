import type { EngineEvent, Stack } from "@pulumi/pulumi/automation/index.js";
import { classify, type Problem } from "../problems.ts";
import { ChangeLog, type Changes } from "./changes.ts";

export type Operation = "preview" | "up" | "destroy" | "drift";

/** The result of an operation. What Pulumi or the cluster refused is a problem in it, never an exception. */
export interface Done extends Changes {
  readonly seconds: number;
  readonly problem?: Problem | undefined;
  /** Whether anything may have been changed: false if the operation ended before its first step. */
  readonly touched: boolean;
}

export interface OperationOptions {
  /** Folders of policy packs that a preview and an update apply. */
  readonly policyPacks: readonly string[];
  readonly onLine: (line: string) => void;
}

/** Runs one operation of the engine and collects what it did. */
export async function runOperation(stack: Stack, operation: Operation, options: OperationOptions): Promise<Done> {
  const begun = performance.now();
  const log = new ChangeLog();
  const common = {
    color: "never" as const,
    suppressProgress: true,
    suppressOutputs: true,
    onEvent: (event: EngineEvent) => {
      const line = log.take(event);
      if (line !== undefined) options.onLine(line);
    },
  };
  const policyPacks = [...options.policyPacks];
  const run = {
    preview: () => stack.preview({ ...common, policyPacks, diff: false }),
    up: () => stack.up({ ...common, policyPacks }),
    destroy: () => stack.destroy(common),
    drift: () => stack.previewRefresh(common),
  }[operation];
  const problem = await run().then(
    () => undefined,
    (error: unknown) => problemOf(error, log.result),
  );
  const seconds = (performance.now() - begun) / 1_000;
  const touched = operation !== "preview" && log.result.changes.some(({ result }) => result !== "planned");
  return { ...log.result, seconds, touched, problem };
}

function problemOf(error: unknown, { errors, violations }: Changes): Problem {
  const mandatory = violations.filter((violation) => violation.mandatory);
  if (mandatory.length > 0) {
    return {
      kind: "policy",
      what: mandatory.map(({ policy, resource, message }) => `${policy}: ${resource}: ${message}`).join("\n"),
      advice: "Fix it in the stack file; the policy pack in policy/ says why each rule is there.",
    };
  }
  return classify(error, errors);
}
