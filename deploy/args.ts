import { parseArgs } from "node:util";
import { ProblemError } from "./problems.ts";

export const commands = ["preview", "up", "smoke", "status", "promote", "rollback", "drift", "destroy"] as const;
export type Command = (typeof commands)[number];

/** A command line that was understood. */
export interface Arguments {
  readonly command: Command;
  readonly stacks: readonly string[];
  /** Destination of `promote`. */
  readonly to?: string;
  /** Checkpoint that `rollback` goes back to. */
  readonly checkpoint?: string;
  readonly json: boolean;
  /** File that the Markdown summary goes to. */
  readonly summary?: string;
  readonly smoke: boolean;
  readonly gate: boolean;
  readonly rollback: boolean;
  readonly policy: boolean;
  readonly wake: boolean;
  readonly via: "auto" | "endpoint" | "port-forward";
  readonly parallel?: number;
  readonly golden: readonly string[];
  readonly expectNoChanges: boolean;
  readonly installCli: boolean;
  readonly unlock: boolean;
  readonly yes: boolean;
}

export const usage = `usage: npm run deploy -- COMMAND --stack NAME[,NAME…] [options]

  preview    show what would change
  up         deploy, then prove it: smoke checks, golden pages, roll back where they fail
  smoke      check a deployed service and score it
  status     one table of all locations
  promote    bring what runs in --stack to --to
  rollback   go back to the last good deploy, or to --checkpoint
  drift      show where the cluster differs from the state
  destroy    remove a location (needs --yes)

  --stack NAME[,NAME…]    locations; status takes all stack files where none is named
  --to NAME               destination of promote
  --checkpoint ID         checkpoint of rollback; status lists them
  --json                  one JSON document on standard output
  --summary FILE          write the Markdown summary there, - for standard output; in GitHub Actions it is
                          added to the job's summary by itself
  --no-smoke              leave out smoke checks and golden pages
  --no-gate               leave out golden pages
  --no-rollback           leave a failed deploy as it is
  --no-policy             leave out the policy pack
  --wake                  let the engine fall asleep first and measure how it wakes
  --via WAY               reach the service by endpoint, port-forward, or auto (the default)
  --parallel N            locations at once
  --golden FOLDER         a folder of golden pages, instead of those of deploy.yaml; may be repeated
  --expect-no-changes     preview fails where anything would change
  --install-cli           fetch the Pulumi CLI with Pulumi's own installer where it is missing or too old
  --unlock                give up the lock of an update that died
  --yes                   really destroy

exit codes: 0 all is well, 1 unexpected, 2 usage, configuration or policy, 3 update failed, 4 checks failed,
            5 rolled back, 6 drift or unexpected changes, 7 another update, 8 this machine lacks something, 130 interrupted`;

const options = {
  stack: { type: "string", multiple: true },
  to: { type: "string" },
  checkpoint: { type: "string" },
  json: { type: "boolean", default: false },
  summary: { type: "string" },
  "no-smoke": { type: "boolean", default: false },
  "no-gate": { type: "boolean", default: false },
  "no-rollback": { type: "boolean", default: false },
  "no-policy": { type: "boolean", default: false },
  wake: { type: "boolean", default: false },
  via: { type: "string", default: "auto" },
  parallel: { type: "string" },
  golden: { type: "string", multiple: true, default: [] as string[] },
  "expect-no-changes": { type: "boolean", default: false },
  "install-cli": { type: "boolean", default: false },
  unlock: { type: "boolean", default: false },
  yes: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

/** Options that make sense for some commands only. */
const only: Readonly<Record<string, readonly Command[]>> = {
  to: ["promote"],
  checkpoint: ["rollback"],
  yes: ["destroy"],
  "expect-no-changes": ["preview"],
  "no-rollback": ["up", "promote"],
};

/**
 * Understands a command line.
 *
 * @returns "help" where that was asked for.
 * @throws {ProblemError} with the first thing that is wrong.
 */
export function parseArguments(argv: readonly string[]): Arguments | "help" {
  const { values, positionals } = parse(argv);
  if (values.help) return "help";
  const [command, ...rest] = positionals;
  if (!command || !isCommand(command))
    throw wrong(command ? `There is no command "${command}".` : "No command was given.");
  if (rest.length > 0) throw wrong(`"${rest.join(" ")}" is not understood.`);
  for (const [option, allowed] of Object.entries(only)) {
    const value = values[option as keyof typeof values];
    if (value && !allowed.includes(command)) throw wrong(`--${option} belongs to ${allowed.join(" and ")}.`);
  }
  const stacks = [
    ...new Set(
      (values.stack ?? [])
        .flatMap((list) => list.split(","))
        .map((name) => name.trim())
        .filter(Boolean),
    ),
  ];
  if (stacks.length === 0 && command !== "status") throw wrong("--stack names no location.");
  if (command === "promote" && (!values.to || stacks.length !== 1))
    throw wrong("promote takes one --stack and one --to.");
  if (values.to && stacks.includes(values.to)) throw wrong(`"${values.to}" cannot be promoted to itself.`);
  if (command === "destroy" && !values.yes)
    throw wrong("destroy removes the service of every named location: add --yes.");
  if (values.checkpoint && stacks.length !== 1) throw wrong("--checkpoint belongs to one --stack.");
  return {
    command,
    stacks,
    ...(values.to ? { to: values.to } : {}),
    ...(values.checkpoint ? { checkpoint: values.checkpoint } : {}),
    ...(values.summary ? { summary: values.summary } : {}),
    json: values.json,
    smoke: !values["no-smoke"],
    gate: !values["no-gate"],
    rollback: !values["no-rollback"],
    policy: !values["no-policy"],
    wake: values.wake,
    via: way(values.via),
    ...(values.parallel === undefined ? {} : { parallel: positive(values.parallel) }),
    golden: values.golden,
    expectNoChanges: values["expect-no-changes"],
    installCli: values["install-cli"],
    unlock: values.unlock,
    yes: values.yes,
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true });
  } catch (error) {
    throw wrong((error as Error).message.split(". ")[0] ?? "");
  }
}

function isCommand(word: string): word is Command {
  return (commands as readonly string[]).includes(word);
}

function way(text: string): Arguments["via"] {
  if (text === "auto" || text === "endpoint" || text === "port-forward") return text;
  throw wrong(`--via is "${text}"; it may be auto, endpoint or port-forward.`);
}

function positive(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw wrong(`--parallel is "${text}"; give a whole number above 0.`);
}

function wrong(what: string): ProblemError {
  return new ProblemError("usage", what, "`npm run deploy -- --help` lists commands and options.");
}
