import { deepEqual, equal, throws } from "node:assert/strict";
import { type Arguments, commands, parseArguments, usage } from "../../deploy/args.ts";

const parse = (line: string) => parseArguments(line.split(" ").filter(Boolean)) as Arguments;

describe("parseArguments", () => {
  it("takes several locations, in either way, once each", () => {
    deepEqual(parse("up --stack dev,prod --stack hel1 --stack dev").stacks, ["dev", "prod", "hel1"]);
  });

  it("checks, gates, rolls back and applies policies unless told not to", () => {
    const { smoke, gate, rollback, policy } = parse("up --stack dev");
    deepEqual({ smoke, gate, rollback, policy }, { smoke: true, gate: true, rollback: true, policy: true });
    equal(parse("up --stack dev --no-smoke").smoke, false);
    equal(parse("up --stack dev --no-rollback").rollback, false);
  });

  it("needs no location for status", () => deepEqual(parse("status").stacks, []));

  const wrong: Readonly<Record<string, RegExp>> = {
    "": /No command was given/,
    "deploy --stack dev": /no command "deploy"/,
    up: /--stack names no location/,
    "up dev": /"dev" is not understood/,
    "up --stack dev --frobnicate": /Unknown option '--frobnicate'/,
    "up --stack dev --jsom": /Unknown option '--jsom' \(Did you mean --json\?\)/,
    "up --stack": /Option '--stack <NAMES>' argument missing\./,
    "up --stack --json": /--stack is followed by --json and not by its value/,
    "up --stack dev --expect-no-changes": /--expect-no-changes belongs to preview/,
    "preview --stack dev --no-rollback": /--no-rollback belongs to up and promote/,
    "promote --stack dev": /promote takes one --stack and one --to/,
    "promote --stack dev,hel1 --to prod": /promote takes one --stack/,
    "promote --stack dev --to dev": /cannot be promoted to itself/,
    "destroy --stack dev": /add --yes/,
    "up --stack dev --to prod": /--to belongs to promote/,
    "up --stack dev --via tailnet": /--via is "tailnet"/,
    "up --stack dev --parallel 0": /--parallel is "0"/,
    "rollback --stack dev,prod --checkpoint x": /belongs to one --stack/,
  };
  for (const [line, message] of Object.entries(wrong)) {
    it(`refuses "${line}"`, () => throws(() => parse(line), message));
  }

  it("explains every command and option", () => {
    equal(parseArguments(["--help"]), "help");
    equal(parseArguments(["up", "-h"]), "help");
    for (const command of commands) equal(usage.includes(`\n  ${command} `), true, command);
    for (const name of Object.keys(everything)) equal(usage.includes(`\n  ${name} `), true, name);
  });

  /** Every option with a value that is not its default. */
  const everything: Readonly<Record<string, readonly [line: string, value: Partial<Arguments>]>> = {
    "--stack": ["up --stack dev", { stacks: ["dev"] }],
    "--to": ["promote --stack dev --to prod", { to: "prod" }],
    "--checkpoint": ["rollback --stack dev --checkpoint 1", { checkpoint: "1" }],
    "--json": ["status --json", { json: true }],
    "--summary": ["status --summary -", { summary: "-" }],
    "--no-smoke": ["up --no-smoke --stack dev", { smoke: false }],
    "--no-gate": ["--stack dev up --no-gate", { gate: false }],
    "--no-rollback": ["promote --no-rollback --stack a --to b", { rollback: false }],
    "--no-policy": ["up --stack=dev --no-policy", { policy: false }],
    "--wake": ["smoke --stack dev --wake", { wake: true }],
    "--via": ["status --via port-forward", { via: "port-forward" }],
    "--parallel": ["status --parallel 7", { parallel: 7 }],
    "--golden": ["smoke --stack dev --golden a --golden b", { golden: ["a", "b"] }],
    "--expect-no-changes": ["preview --stack dev --expect-no-changes", { expectNoChanges: true }],
    "--install-cli": ["status --install-cli", { installCli: true }],
    "--unlock": ["up --stack dev --unlock", { unlock: true }],
    "--yes": ["destroy --stack dev --yes", { yes: true }],
  };
  for (const [name, [line, value]] of Object.entries(everything)) {
    it(`reads ${name}`, () => {
      const read = parse(line);
      for (const [key, expected] of Object.entries(value)) deepEqual(read[key as keyof Arguments], expected);
    });
  }

  it("has a default for every option", () => {
    deepEqual(parse("status"), {
      command: "status",
      stacks: [],
      to: undefined,
      checkpoint: undefined,
      json: false,
      summary: undefined,
      smoke: true,
      gate: true,
      rollback: true,
      policy: true,
      wake: false,
      via: "auto",
      parallel: undefined,
      golden: [],
      expectNoChanges: false,
      installCli: false,
      unlock: false,
      yes: false,
    });
  });
});
