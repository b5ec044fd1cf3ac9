import { readFileSync } from "node:fs";
import { secret } from "@pulumi/pulumi";
import { parse } from "yaml";
import type { ConfigSource } from "../../components/config/load.ts";

const PROJECT = "deepseek-ocr";

/** Stands in for every secret value. */
export const MASK = "[secret]";

/** The configuration of a stack, read from its file without the Pulumi CLI. Secrets stay what they are: unknown. */
export function stackFileSource(text: string): ConfigSource {
  const parsed = parse(text) as { config?: Readonly<Record<string, unknown>> } | null;
  const config = new Map(
    Object.entries(parsed?.config ?? {})
      .filter(([key]) => key.startsWith(`${PROJECT}:`))
      .map(([key, value]) => [key.slice(PROJECT.length + 1), value]),
  );
  return {
    keys: () => [...config.keys()],
    get: (key) => config.get(key),
    isSecret: (key) => isEncrypted(config.get(key)),
    getSecret: () => secret(MASK),
  };
}

/** @throws with the stacks that there are, where the file is missing. */
export function readStackFile(directory: string, stack: string): ConfigSource {
  try {
    return stackFileSource(readFileSync(`${directory}/Pulumi.${stack}.yaml`, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new Error(
      `there is no Pulumi.${stack}.yaml; make it with \`pulumi stack init ${stack}\` or copy Pulumi.prod.yaml`,
    );
  }
}

/** The same configuration with further secrets. */
export function withSecrets(source: ConfigSource, names: readonly string[]): ConfigSource {
  return {
    ...source,
    keys: () => [...source.keys(), ...names],
    isSecret: (key) => names.includes(key) || source.isSecret(key),
  };
}

function isEncrypted(value: unknown): boolean {
  return typeof value === "object" && value !== null && "secure" in value;
}
