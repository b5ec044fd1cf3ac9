import { type EngineFacts, engineFacts, engineNames } from "../engines.ts";

/** Every engine with what it is, for a description: "`vllm` (…), `cpu` (…) or `null` (…)". */
export function allEngines(): string {
  const parts = engineNames.map((name) => `\`${name}\` (${engineFacts(name).about})`);
  return `${parts.slice(0, -1).join(", ")} or ${parts.at(-1)}`;
}

/** The engines of which something is true, for a description: "engine `vllm`", "engines `cpu` and `null`". */
export function enginesThat(holds: (facts: EngineFacts) => boolean): string {
  const names = engineNames.filter((name) => holds(engineFacts(name))).map((name) => `\`${name}\``);
  return `${names.length === 1 ? "engine" : "engines"} ${names.join(" and ")}`;
}
