import type { EngineEvent, StepEventMetadata } from "@pulumi/pulumi/automation/index.js";
import type { Registered } from "../identity.ts";

/** A resource that an operation changes, or would change. */
export interface Change {
  readonly op: string;
  /** Kind of the resource, such as `ray.io/v1:RayService`. */
  readonly type: string;
  readonly name: string;
  /** Properties that differ. */
  readonly properties: readonly string[];
  readonly result: "planned" | "done" | "failed";
  readonly seconds?: number | undefined;
}

/** What an operation did, gathered from the engine's events. */
export interface Changes {
  readonly changes: readonly Change[];
  /** How many resources do not change. */
  readonly same: number;
  readonly warnings: readonly string[];
  readonly errors: readonly string[];
  /** Inputs of every resource that the program registered. */
  readonly registered: readonly Registered[];
  /** Policies that were violated, with the resource and what to do. */
  readonly violations: readonly Violation[];
}

export interface Violation {
  readonly policy: string;
  readonly resource: string;
  readonly message: string;
  readonly mandatory: boolean;
}

/** Operations that change nothing in the cluster. */
const quiet = new Set([
  "same",
  "read",
  "refresh",
  "discard",
  "discard-replaced",
  "remove-pending-replace",
  "read-replacement",
]);
/** Lines of the engine that only follow from another failure, or say where plugins come from. */
const noise =
  /^(update|preview|refresh|destroy) failed$|^preview failed: |^using pulumi-resource-\S+ from \$PATH|resource plugin \S+ is expected to have version/;

/** Collects engine events into {@link Changes}, and turns those that matter to people into a line each. */
export class ChangeLog {
  readonly #changes = new Map<string, { change: Change; begun: number }>();
  readonly #warnings = new Set<string>();
  readonly #errors = new Set<string>();
  readonly #violations: Violation[] = [];
  readonly #registered = new Map<string, Registered>();
  #same = 0;

  /** Takes the next event; returns the line to show, if any. */
  take(event: EngineEvent): string | undefined {
    const { resourcePreEvent, resOutputsEvent, resOpFailedEvent, diagnosticEvent, policyEvent } = event;
    if (resourcePreEvent) return this.#begin(resourcePreEvent.metadata, event.timestamp, resourcePreEvent.planning);
    if (resOutputsEvent) return this.#end(resOutputsEvent.metadata, event.timestamp, resOutputsEvent.planning);
    if (resOpFailedEvent) return this.#fail(resOpFailedEvent.metadata, event.timestamp);
    if (diagnosticEvent) return this.#diagnose(diagnosticEvent);
    if (policyEvent) return this.#violate(policyEvent);
    return undefined;
  }

  get result(): Changes {
    return {
      changes: [...this.#changes.values()].map(({ change }) => change),
      same: this.#same,
      warnings: [...this.#warnings],
      errors: [...this.#errors],
      violations: this.#violations,
      registered: [...this.#registered.values()],
    };
  }

  #begin(metadata: StepEventMetadata, timestamp: number, planning = false): string | undefined {
    const { type, urn, new: now } = metadata;
    if (now?.inputs) this.#registered.set(urn, { type, inputs: now.inputs });
    if (isOurs(metadata) && metadata.op === "same") this.#same++;
    if (!isOurs(metadata) || quiet.has(metadata.op)) return undefined;
    const change = changeOf(metadata, "planned");
    this.#changes.set(key(metadata), { change, begun: timestamp });
    return planning ? undefined : `${change.op} ${change.type} ${change.name}`;
  }

  #end(metadata: StepEventMetadata, timestamp: number, planning = false): string | undefined {
    if (!isOurs(metadata)) return undefined;
    const known = this.#changes.get(key(metadata));
    // A refresh names its operation only when it ends.
    if (!known && !quiet.has(metadata.op)) {
      const result = planning ? "planned" : "done";
      this.#changes.set(key(metadata), { change: changeOf(metadata, result), begun: timestamp });
      return undefined;
    }
    if (!known || planning) return undefined;
    const seconds = timestamp - known.begun;
    known.change = { ...known.change, result: "done", seconds };
    return `${known.change.op} ${known.change.type} ${known.change.name}: done${seconds > 0 ? ` in ${seconds} s` : ""}`;
  }

  #fail(metadata: StepEventMetadata, timestamp: number): string | undefined {
    const begun = this.#changes.get(key(metadata))?.begun ?? timestamp;
    const change: Change = { ...changeOf(metadata, "failed"), seconds: timestamp - begun };
    this.#changes.set(key(metadata), { change, begun });
    return `${change.op} ${change.type} ${change.name}: FAILED`;
  }

  #diagnose({ severity, message, urn, ephemeral }: NonNullable<EngineEvent["diagnosticEvent"]>): string | undefined {
    const text = message.trim();
    if (text === "" || noise.test(text)) return undefined;
    if (severity === "error" || severity === "warning") {
      const where = urn && !isStack(urn) ? `${nameOf(urn)}: ` : "";
      (severity === "error" ? this.#errors : this.#warnings).add(where + text);
      return `${severity}: ${where}${text}`;
    }
    return severity === "info" || ephemeral ? text : undefined;
  }

  #violate({ policyName, resourceUrn, message, enforcementLevel }: NonNullable<EngineEvent["policyEvent"]>): string {
    const resource = resourceUrn ? nameOf(resourceUrn) : "the stack";
    // The engine puts the rule's description before the rule's message.
    const said = message.trim().split("\n").at(-1) ?? "";
    this.#violations.push({ policy: policyName, resource, message: said, mandatory: enforcementLevel === "mandatory" });
    return `policy ${policyName}: ${resource}: ${said}`;
  }
}

/** Counts changes by operation, such as "2 create, 1 update"; "nothing" if there are none. */
export function countChanges(changes: readonly Change[]): string {
  const counts = new Map<string, number>();
  for (const { op } of changes) {
    // A replacement is one change in three steps.
    const plain = op.replace(/^(create|delete)-replace.*$/, "replace");
    if (!(op.startsWith("create-replace") || op.startsWith("delete-replaced")))
      counts.set(plain, (counts.get(plain) ?? 0) + 1);
  }
  return [...counts].map(([op, count]) => `${count} ${op}`).join(", ") || "nothing";
}

function changeOf(metadata: StepEventMetadata, result: Change["result"]): Change {
  const { op, type, urn } = metadata;
  return {
    op,
    type: type.replace(/^kubernetes:/, ""),
    name: nameOf(urn),
    properties: changedProperties(metadata),
    result,
  };
}

/** Paths of the properties that differ: as the provider reports them, else the inputs that are not equal. */
function changedProperties({ detailedDiff, diffs, old, new: now }: StepEventMetadata): string[] {
  const detailed = Object.keys(detailedDiff ?? {});
  if (detailed.length > 0) return detailed;
  if (diffs && diffs.length > 0) return diffs;
  if (!old?.inputs || !now?.inputs) return [];
  const keys = new Set([...Object.keys(old.inputs), ...Object.keys(now.inputs)]);
  return [...keys].filter((name) => JSON.stringify(old.inputs[name]) !== JSON.stringify(now.inputs[name]));
}

/** Whether a resource is something outside Pulumi: not the stack itself, a component or a provider. */
function isOurs({ type, old, new: now }: StepEventMetadata): boolean {
  return (now ?? old)?.custom === true && !type.startsWith("pulumi:providers:");
}

const key = ({ op, urn }: StepEventMetadata) => `${op} ${urn}`;
const nameOf = (urn: string) => urn.split("::").at(-1) ?? urn;
const isStack = (urn: string) => urn.includes("::pulumi:pulumi:Stack::");
