import { UserError } from "../bootstrap/userError.mjs";
import { localEngines } from "./options.ts";

const engineNames: ReadonlySet<string> = new Set([...localEngines, "vllm"]);

/**
 * Options that npm took for its own because the `--` before them is missing. npm passes such an option on as a variable,
 * and its value as a plain word where the two are not joined by `=`. Of --key it passes on nothing: what npm start prints
 * says whether clients need one.
 *
 * @throws {UserError} saying what to write.
 */
export function refuseSwallowed(args: readonly string[], env: NodeJS.ProcessEnv = process.env): void {
  if (env.npm_lifecycle_event !== "start") return;
  const words = [...args];
  const meant: string[] = [];
  const { npm_config_port: port, npm_config_sample: sample } = env;
  if (port !== undefined) meant.push(`--port ${port === "true" ? (words.shift() ?? "N") : port}`);
  const engine = words.findIndex((word) => engineNames.has(word));
  // npm takes --engine for its own --engine-strict.
  if (env.npm_config_engine_strict !== undefined && engine >= 0) meant.push(`--engine ${words.splice(engine, 1)[0]}`);
  if (sample === "") meant.push("--no-sample");
  if (meant.length === 0) return;
  throw new UserError(
    `npm took ${meant.map((option) => option.split(" ")[0]).join(" and ")} for itself. ` +
      `Put -- before the options: npm start -- ${[...meant, ...words].join(" ")}`,
  );
}
