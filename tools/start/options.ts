import { parseArgs } from "node:util";
import { UserError } from "../bootstrap/userError.mjs";

export const DEFAULT_PORT = 8000;

/** Engines that run on this machine; vllm needs a GPU and the image of the cluster. */
export const localEngines = ["cpu", "null"] as const;
export type LocalEngine = (typeof localEngines)[number];

/** The options of `npm start`. */
export interface StartOptions {
  /** Port on 127.0.0.1; 0 takes any free port. */
  readonly port: number;
  readonly engine: LocalEngine;
  /** Key that clients must send; undefined lets anyone on this machine use the service. */
  readonly key: string | undefined;
  /** PDF or image to read once the service is up; undefined reads the sample, false reads nothing. */
  readonly file: string | undefined | false;
  readonly help: boolean;
}

export const startHelp = `npm start [-- OPTIONS] [FILE]

Starts the OCR service on this machine, reads one document to show that it works, and runs until Ctrl-C.

  FILE             PDF or image to read instead of the sample (npm start -- scan.pdf)
  --port N         port on 127.0.0.1 (default ${DEFAULT_PORT}; 0 takes any free port)
  --engine NAME    cpu (default) or null (answers at once, for trying out clients)
  --key KEY        clients must send this key; safer in the variable OCR_API_KEY, which \`ps\` does not show
  --no-sample      do not read a document
  --help           show this text

Environment: OCR_PYTHON is the Python to use (3.10 to 3.14), OCR_API_KEY the key.`;

/**
 * Read the command line.
 *
 * @throws {UserError} naming every option that is wrong.
 */
export function parseStartOptions(args: readonly string[], env: NodeJS.ProcessEnv = process.env): StartOptions {
  const { values, positionals } = parse(args);
  const problems: string[] = [];
  const port = values.port === undefined ? DEFAULT_PORT : Number(values.port);
  if (!/^\d+$/.test(values.port ?? "0") || port > 65_535) {
    problems.push(`--port takes a number from 0 to 65535 (seen: ${values.port})`);
  }
  const engine = localEngines.find((name) => name === (values.engine ?? "cpu"));
  if (!engine) {
    const hint = values.engine === "vllm" ? "; vllm needs a GPU worker, see docs/deploying.md" : "";
    problems.push(`--engine takes ${localEngines.join(" or ")} (seen: ${values.engine}${hint})`);
  }
  const key = values.key ?? (env.OCR_API_KEY || undefined);
  if (key !== undefined && !/^[\x21-\x7e]+$/.test(key)) {
    problems.push("--key takes printable ASCII without spaces (value not shown)");
  }
  if (positionals.length > 1) problems.push(`one FILE at a time (seen: ${positionals.join(", ")})`);
  if (values["no-sample"] && positionals.length > 0) problems.push("--no-sample and a FILE cannot be combined");
  if (problems.length > 0 || !engine) {
    throw new UserError(
      `${problems.map((problem) => `  ${problem}`).join("\n")}\nRun npm start -- --help for the options.`,
    );
  }
  return { port, engine, key, file: values["no-sample"] ? false : positionals[0], help: values.help ?? false };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        port: { type: "string" },
        engine: { type: "string" },
        key: { type: "string" },
        "no-sample": { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    throw new UserError(`  ${(error as Error).message}\nRun npm start -- --help for the options.`);
  }
}
