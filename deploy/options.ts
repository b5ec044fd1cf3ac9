import { Option } from "commander";
import { ProblemError } from "./problems.ts";

/** One option of a command line. */
export interface Entry<Value, Command extends string> {
  readonly option: Option;
  /** Commands that the option is for; undefined for all of them. */
  readonly of: readonly Command[] | undefined;
  /** The value if the option is not on the command line. */
  readonly fallback: Value;
}

/** Options by the name under which the program reads their values. */
export type Table<Command extends string> = Readonly<Record<string, Entry<unknown, Command>>>;

/** The values of a table's options. */
export type Values<T extends Readonly<Record<string, { readonly fallback: unknown }>>> = {
  readonly [Name in keyof T]: T[Name]["fallback"];
};

/** `--json`: false unless given. `--no-smoke`: true unless given. */
export function flag<Command extends string>(flags: string, help: string, of?: readonly Command[]) {
  const option = new Option(flags, help);
  return { option, of, fallback: option.negate };
}

/** An option with one value of any text. If it is repeated, the last one counts. */
export function text<Command extends string>(flags: string, help: string, of?: readonly Command[]) {
  return { option: valued(flags, help, (value) => value), of, fallback: undefined as string | undefined };
}

/** An option that may be repeated; its value is everything that was given, in order. */
export function list(flags: string, help: string) {
  const add = (value: string, before: readonly string[] | undefined) => [...(before ?? []), value];
  return { option: valued(flags, help, add), of: undefined, fallback: [] as readonly string[] };
}

/** An option with one of a few values; the first of them is the default. */
export function oneOf<const Choice extends string>(
  flags: string,
  help: string,
  choices: readonly [Choice, ...Choice[]],
) {
  const [fallback] = choices;
  const option = valued(flags, `${help}: ${orList(choices)} (default: ${fallback})`, (value) => {
    if (!(choices as readonly string[]).includes(value))
      throw usageError(`${option.long} is "${value}"; it may be ${orList(choices)}.`);
    return value;
  });
  return { option, of: undefined, fallback: fallback as Choice };
}

/** An option with a whole number above 0. */
export function count(flags: string, help: string) {
  const option = valued<number>(flags, help, (value) => {
    const number = Number(value);
    if (Number.isInteger(number) && number > 0) return number;
    throw usageError(`${option.long} is "${value}"; give a whole number above 0.`);
  });
  return { option, of: undefined, fallback: undefined as number | undefined };
}

/** A command line that cannot be followed. */
export function usageError(what: string): ProblemError {
  return new ProblemError("usage", what, "`npm run deploy -- --help` lists commands and options.");
}

/** A value that looks like an option is a value that was forgotten. A single `-` stands for a standard stream. */
function valued<Value>(flags: string, help: string, read: (value: string, before: Value) => Value): Option {
  const option: Option = new Option(flags, help).argParser((value: string, before: Value): Value => {
    if (/^-./.test(value)) throw usageError(`${option.long} is followed by ${value} and not by its value.`);
    return read(value, before);
  });
  return option;
}

function orList(words: readonly string[]): string {
  return `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}
