/** What went wrong, and what to do about it. */
export interface Problem {
  readonly kind: ProblemKind;
  /** What is wrong, in one sentence. */
  readonly what: string;
  /** What to do about it. */
  readonly advice: string;
}

/** Every kind of problem, with the exit code that a deploy ends with. */
export const exitCodes = {
  /** A mistake in this program. */
  unexpected: 1,
  /** The command line, deploy.yaml, the golden pages or the stack's configuration is wrong; nothing was touched. */
  usage: 2,
  configuration: 2,
  "unknown-stack": 2,
  policy: 2,
  /** The update failed, and there was nothing to go back to. */
  "update-failed": 3,
  /** The service is deployed but does not read pages as it should. */
  smoke: 4,
  gate: 4,
  promotion: 4,
  /** The deploy failed and the last good one is back. */
  "rolled-back": 5,
  /** The cluster differs from the state, or a preview found changes although there should be none. */
  drift: 6,
  "concurrent-update": 7,
  /** This machine lacks something: the CLI, a login, a passphrase, a connection to the cluster. */
  "cli-missing": 8,
  "cli-too-old": 8,
  "no-backend": 8,
  passphrase: 8,
  "plugin-missing": 8,
  "chart-missing": 8,
  "cluster-unreachable": 8,
  interrupted: 130,
} as const;
export type ProblemKind = keyof typeof exitCodes;

/** An error with its problem: what is wrong, and what to do about it. */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(kind: ProblemKind, what: string, advice: string) {
    super(`${what} ${advice}`);
    this.name = "ProblemError";
    this.problem = { kind, what, advice };
  }
}

interface Pattern {
  readonly kind: ProblemKind;
  readonly pattern: RegExp;
  /** A sentence; `$1` stands for the group that matched, `$0` for the whole match. */
  readonly what: string;
  readonly advice: string;
}

/** Messages of the CLI; tests/deploy/problems.test.ts has the recorded ones. */
const patterns: readonly Pattern[] = [
  {
    kind: "interrupted",
    pattern: /error: (?:update|preview|refresh|destroy) canceled|\^C received; cancelling/,
    what: "The update was interrupted.",
    advice: "Run the same command again: it continues where this one stopped.",
  },
  {
    kind: "concurrent-update",
    pattern: /the stack is currently locked by[\s\S]*?created by (\S+ \(pid \d+\) at \S+)/,
    what: "Another update of this stack is in progress, or ended without removing its lock: created by $1.",
    advice: "Wait for it to end. If that process no longer runs, run this command again with --unlock.",
  },
  {
    kind: "concurrent-update",
    pattern: /\[409\] Conflict: Another update is currently in progress/,
    what: "Another update of this stack is in progress.",
    advice: "Wait for it to end. If it no longer runs, run this command again with --unlock.",
  },
  {
    kind: "passphrase",
    pattern: /incorrect passphrase/,
    what: "The passphrase does not open this stack's secrets.",
    advice:
      "Set PULUMI_CONFIG_PASSPHRASE, or PULUMI_CONFIG_PASSPHRASE_FILE, to the one that the stack was created with.",
  },
  {
    kind: "passphrase",
    pattern: /passphrase must be set with/,
    what: "This stack's secrets are locked by a passphrase, and none is given.",
    advice: "Set PULUMI_CONFIG_PASSPHRASE, or PULUMI_CONFIG_PASSPHRASE_FILE.",
  },
  {
    kind: "no-backend",
    pattern:
      /PULUMI_ACCESS_TOKEN must be set for login|not logged in|invalid access token|unauthorized: No credentials/i,
    what: "Pulumi is not logged in, so there is no state to read.",
    advice: "Set PULUMI_ACCESS_TOKEN, or set PULUMI_BACKEND_URL to your own backend, such as file://~ or s3://BUCKET.",
  },
  {
    kind: "no-backend",
    pattern: /(?:unable to open|could not (?:open|list|find)) (?:the )?(?:bucket|state|backend)[^\n]*/i,
    what: "The backend that holds the state cannot be opened: $0.",
    advice: "Check PULUMI_BACKEND_URL and the credentials for it.",
  },
  {
    kind: "cluster-unreachable",
    pattern: /configured Kubernetes cluster is unreachable: ([^\n]*)|cannot reach the cluster at ([^\n]*)/,
    what: "The cluster does not answer: $1",
    advice:
      "Check the kubeconfig and its context (`cluster.kubeconfig`, `cluster.context`), the VPN, and that the cluster runs.",
  },
  {
    kind: "chart-missing",
    pattern:
      /(looks like "[^"]*" is not a valid chart repository or cannot be reached[^\n;]*|failed to download "[^"]*"[^\n;]*)/,
    what: "A Helm chart cannot be fetched: $1",
    advice: "Check the network, or set `chart` of that operator in the stack file to a mirror or a local path.",
  },
  {
    kind: "configuration",
    // Pulumi's progress shows only the first line; its diagnostics, later, show all of them.
    pattern: /(The configuration has \d+ problems?; nothing was created\.(?:\n +[^\s:]+: [^\n]+ \(seen: [^\n]*\))+)/,
    what: "$1",
    advice: "Fix the stack file; docs/configuration.md lists every setting.",
  },
  {
    kind: "unknown-stack",
    pattern: /no stack named '([^']+)' found/,
    what: "There is no stack '$1' in this backend.",
    advice: "Deploy it first with `npm run deploy -- up`, or check PULUMI_BACKEND_URL.",
  },
  {
    kind: "plugin-missing",
    pattern: /no (?:resource|language|analyzer) plugin '([^']+)' found|Could not automatically download and install/,
    what: "A Pulumi plugin is missing: $1.",
    advice: "Run `pulumi plugin install` if the network allows it, or put the plugin on PATH.",
  },
];

/**
 * Finds the kind of problem in an error and in what Pulumi said about it.
 *
 * @param said further output, such as diagnostics of the engine.
 */
export function classify(error: unknown, said: readonly string[] = []): Problem {
  if (error instanceof ProblemError) return error.problem;
  const message = error instanceof Error ? error.message : String(error);
  const text = [message, ...said].join("\n");
  for (const { kind, pattern, what, advice } of patterns) {
    const match = pattern.exec(text);
    if (match) return { kind, advice, what: fill(what, match) };
  }
  if (!isFromPulumi(error)) {
    return {
      kind: "unexpected",
      what: message,
      advice: "This is a mistake in this program. Please report it with the lines above.",
    };
  }
  return {
    kind: "update-failed",
    what: lastWords(message, said),
    advice: "Fix what it says and run the same command again.",
  };
}

function fill(what: string, match: RegExpExecArray): string {
  const caught = match.slice(1).find((group) => group !== undefined) ?? "";
  return what.replace("$0", match[0]).replace("$1", caught.trim());
}

/** Recognises CommandError and its subclasses by a property, because the SDK may be loaded twice. */
function isFromPulumi(error: unknown): boolean {
  return error instanceof Error && "commandResult" in error;
}

/** The errors that the engine reported for resources, else what the CLI printed as errors, else its last line. */
function lastWords(message: string, said: readonly string[]): string {
  if (said.length > 0) return said.join("\n");
  const lines = message.split("\n").map((line) => line.trim());
  const errors = lines.flatMap((line) => /error: (.+)$/.exec(line)?.[1] ?? []);
  const useful = [...new Set(errors)].filter((line) => line !== "update failed");
  return useful.join("\n") || (lines.filter(Boolean).at(-1) ?? "Pulumi failed and did not say why.");
}
