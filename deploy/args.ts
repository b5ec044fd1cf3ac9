import { CommanderError, Command as Program } from "commander";
import { count, flag, list, oneOf, type Table, text, usageError, type Values } from "./options.ts";

/** Every command and its line in the help. */
const summaries = {
  preview: "show what would change",
  up: "deploy, then check it: smoke checks and golden pages; roll back if they fail",
  smoke: "check a deployed service and score it",
  status: "one table of all locations",
  promote: "bring what runs in --stack to --to",
  rollback: "go back to the last good deploy, or to --checkpoint",
  drift: "show where the cluster differs from the state",
  destroy: "remove a location (needs --yes)",
} as const;
export type Command = keyof typeof summaries;
export const commands = Object.keys(summaries) as Command[];

/** Every option: its name, its line in the help and, if not all commands take it, those that do. */
const table = {
  stacks: list("--stack <NAMES>", "locations, separated by commas; status takes all stack files if none is named"),
  to: text("--to <NAME>", "destination of promote", ["promote"]),
  checkpoint: text("--checkpoint <ID>", "checkpoint of rollback; status lists them", ["rollback"]),
  json: flag("--json", "print one JSON document to standard output"),
  summary: text(
    "--summary <FILE>",
    "write the Markdown summary to FILE, or to standard output if FILE is -; " +
      "in GitHub Actions it is always added to the job's summary",
  ),
  smoke: flag("--no-smoke", "skip smoke checks and golden pages"),
  gate: flag("--no-gate", "skip golden pages"),
  rollback: flag("--no-rollback", "leave a failed deploy as it is", ["up", "promote"]),
  policy: flag("--no-policy", "skip the policy pack"),
  wake: flag("--wake", "let the engine fall asleep first and measure how long it takes to wake"),
  via: oneOf("--via <WAY>", "how to reach the service", ["auto", "endpoint", "port-forward"]),
  parallel: count("--parallel <N>", "how many locations to work on at once"),
  golden: list("--golden <FOLDER>", "a folder of golden pages, instead of those in deploy.yaml; may be repeated"),
  expectNoChanges: flag("--expect-no-changes", "make preview fail if anything would change", ["preview"]),
  installCli: flag("--install-cli", "install the Pulumi CLI with Pulumi's own installer if it is missing or too old"),
  unlock: flag("--unlock", "remove the lock of an update that died"),
  yes: flag("--yes", "really destroy", ["destroy"]),
} satisfies Table<Command>;

/** A command line that was understood. */
export type Arguments = { readonly command: Command } & Values<typeof table>;

const EXIT_CODES = `
Exit codes:
  0 all is well, 1 unexpected, 2 usage, configuration or policy, 3 update failed, 4 checks failed, 5 rolled back,
  6 drift or unexpected changes, 7 another update, 8 this machine lacks something, 130 interrupted`;

/** What `--help` prints. */
export const usage = newProgram().helpInformation() + EXIT_CODES;

/**
 * Reads a command line.
 *
 * @returns "help" if the command line has --help.
 * @throws {ProblemError} with the first thing that is wrong.
 */
export function parseArguments(argv: readonly string[]): Arguments | "help" {
  const program = newProgram();
  try {
    program.parse(argv, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === "commander.helpDisplayed") return "help";
    throw usageError(sentence(error.message));
  }
  const [command, ...rest] = program.args;
  if (!command || !isCommand(command))
    throw usageError(command ? `There is no command "${command}".` : "No command was given.");
  if (rest.length > 0) throw usageError(`"${rest.join(" ")}" is not understood.`);
  const values = Object.entries(table).map(([name, { option, of, fallback }]: [string, Table<Command>[string]]) => {
    const value: unknown = program.getOptionValue(option.attributeName());
    if (of && value !== undefined && value !== fallback && !of.includes(command))
      throw usageError(`${option.long} belongs to ${of.join(" and ")}.`);
    return [name, value ?? fallback] as const;
  });
  return checked({ command, ...(Object.fromEntries(values) as Values<typeof table>) });
}

/** Rules between a command and its options. */
function checked(args: Arguments): Arguments {
  const { command, to, checkpoint } = args;
  const names = args.stacks.flatMap((list) => list.split(",")).map((name) => name.trim());
  const stacks = [...new Set(names.filter(Boolean))];
  if (stacks.length === 0 && command !== "status") throw usageError("--stack names no location.");
  if (command === "promote" && (!to || stacks.length !== 1))
    throw usageError("promote takes one --stack and one --to.");
  if (to && stacks.includes(to)) throw usageError(`"${to}" cannot be promoted to itself.`);
  if (command === "destroy" && !args.yes)
    throw usageError("destroy removes the service of every named location: add --yes.");
  if (checkpoint && stacks.length !== 1) throw usageError("--checkpoint belongs to one --stack.");
  return { ...args, stacks };
}

function newProgram(): Program {
  const width = Math.max(...commands.map((name) => name.length));
  const lines = commands.map((name) => `  ${name.padEnd(width)}  ${summaries[name]}`);
  const program = new Program("npm run deploy --")
    .usage("COMMAND --stack NAME[,NAME…] [options]")
    .description(`Commands:\n${lines.join("\n")}`)
    .helpOption("-h, --help", "print this text")
    .configureHelp({ helpWidth: 120 })
    .configureOutput({ writeOut: () => undefined, writeErr: () => undefined })
    .allowExcessArguments()
    .exitOverride();
  for (const { option } of Object.values(table)) program.addOption(option);
  return program;
}

function isCommand(word: string): word is Command {
  return (commands as readonly string[]).includes(word);
}

/** The parser's message as a sentence: "error: unknown option '--x'" becomes "Unknown option '--x'." */
function sentence(message: string): string {
  const words = message.replace(/^error: /, "").replace(/\s*\n\s*/g, " ");
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}${/[.)]$/.test(words) ? "" : "."}`;
}
