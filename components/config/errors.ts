/** One thing that is wrong with a configuration, under the names that its author used. */
export interface ConfigProblem {
  /** Path of the setting, such as `scaling.maxReplicas`. */
  readonly key: string;
  /** What was found there, as it should be shown; never the value of a secret. */
  readonly seen: string;
  /** What to do about it. */
  readonly fix: string;
}

/** Everything that is wrong with a configuration, in one message. */
export class ConfigError extends Error {
  readonly problems: readonly ConfigProblem[];
  /** Pulumi prints errors that carry this without a stack trace (pulumi.RunError does the same). */
  readonly __pulumiRunError = true;

  constructor(problems: readonly ConfigProblem[]) {
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    const lines = problems.map(({ key, seen, fix }) => `  ${key}: ${fix} (seen: ${seen})`);
    super(`The configuration has ${count}; nothing was created.\n${lines.join("\n")}`);
    this.name = "ConfigError";
    // With a stack, Pulumi's handler has Node colour it, which takes Node 20 a minute of CPU (util.inspect).
    this.stack = "";
    this.problems = problems;
  }
}

/** A value as it would be written in the stack file. */
export function show(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}
