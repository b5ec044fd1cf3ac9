import { deepEqual, equal, match } from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { ChangeLog, countChanges } from "../../../deploy/pulumi/changes.ts";

/** Events that the real engine sent (CLI 3.260); the program is tests/deploy/program. */
function recorded(name: string): EngineEvent[] {
  return JSON.parse(readFileSync(new URL(`../recorded/${name}.json`, import.meta.url), "utf8"));
}

function replay(name: string) {
  const log = new ChangeLog();
  const lines = recorded(name).flatMap((event) => log.take(event) ?? []);
  return { ...log.result, lines };
}

describe("ChangeLog", () => {
  it("tells what was created, and for how long", () => {
    const { changes, lines, errors } = replay("created");
    deepEqual(
      changes.map(({ op, type, name, result }) => ({ op, type, name, result })),
      [{ op: "create", type: "pulumi-nodejs:dynamic:Resource", name: "slow", result: "done" }],
    );
    equal(countChanges(changes), "1 create");
    deepEqual(errors, []);
    match(lines.join("\n"), /create pulumi-nodejs:dynamic:Resource slow\n.*slow: done/);
  });

  it("tells what failed, with its properties and the reason", () => {
    const { changes, errors, lines } = replay("update-failed");
    deepEqual(errors, ["slow: boom happened"]);
    equal(changes.length, 1);
    equal(changes[0]?.result, "failed");
    deepEqual([...(changes[0]?.properties ?? [])].sort(), ["fail", "text"]);
    match(lines.join("\n"), /FAILED/);
  });

  it("tells that an update was cut off", () => {
    const { errors, changes } = replay("interrupted");
    deepEqual(errors, ["update canceled"]);
    deepEqual(changes, []);
  });

  it("passes on what the engine says of resources that were cut off", () => {
    match(replay("pending-create").warnings.join("\n"), /1 pending operations[\s\S]*interrupted while creating/);
  });

  it("leaves out the stack, providers, debug output and where plugins come from", () => {
    for (const name of ["created", "update-failed"]) {
      const { changes, warnings } = replay(name);
      equal(
        changes.some(({ type }) => type.startsWith("pulumi:")),
        false,
      );
      deepEqual(
        warnings.filter((warning) => warning.includes("plugin")),
        [],
      );
    }
  });

  it("gathers violations of policies, without the rule's description", () => {
    const log = new ChangeLog();
    const line = log.take({
      sequence: 1,
      timestamp: 1,
      policyEvent: {
        resourceUrn: "urn:pulumi:dev::tiny::kubernetes:core/v1:Service::public",
        message: "Nothing is reachable from the internet.\nspec.type: LoadBalancer without a tailnet",
        color: "never",
        policyName: "no-public-load-balancer",
        policyPackName: "deepseek-ocr",
        policyPackVersion: "0.1.0",
        policyPackVersionTag: "0.1.0",
        enforcementLevel: "mandatory",
      },
    });
    equal(line, "policy no-public-load-balancer: public: spec.type: LoadBalancer without a tailnet");
    equal(log.result.violations[0]?.mandatory, true);
  });
});

describe("countChanges", () => {
  const change = (op: string) => ({ op, type: "t", name: "n", properties: [], result: "planned" as const });

  it("counts a replacement once", () => {
    equal(
      countChanges(["replace", "create-replacement", "delete-replaced", "update"].map(change)),
      "1 replace, 1 update",
    );
    equal(countChanges([]), "nothing");
  });
});
