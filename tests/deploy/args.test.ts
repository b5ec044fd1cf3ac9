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
    for (const command of commands) equal(usage.includes(`\n  ${command} `), true, command);
  });
});
