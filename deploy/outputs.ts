import type { Session } from "./session.ts";

/** The stack's outputs. */
export interface Outputs {
  /** Those that are not secret. */
  readonly plain: Readonly<Record<string, unknown>>;
  /** URL of the service; undefined if nothing is deployed. */
  readonly endpoint: string | undefined;
  /** Name of the model, as requests give it. */
  readonly model: string;
  /** The API key, if the service requires one. */
  readonly key: string | undefined;
}

/** Reads the stack's outputs. Secrets among them are masked from now on. */
export async function readOutputs({ stack, run }: Session): Promise<Outputs> {
  const outputs = await stack.outputs();
  for (const { value, secret } of Object.values(outputs)) if (secret) run.masker.add(value);
  const text = (name: string) => {
    const value: unknown = outputs[name]?.value;
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const plain = Object.entries(outputs).flatMap(([name, { value, secret }]) => (secret ? [] : [[name, value]]));
  return {
    plain: Object.fromEntries(plain),
    model: text("modelId") ?? "",
    endpoint: text("endpoint"),
    key: text("apiKey"),
  };
}
