import { readFileSync } from "node:fs";
import { secret } from "@pulumi/pulumi";
import { parse } from "yaml";
import type { ConfigSource } from "../../components/config/load.ts";

const PROJECT = "deepseek-ocr";

/** Stands for every secret value in what `npm run render` prints. */
export const PLACEHOLDER = "[secret]";

/** The configuration of a stack, read from its file without the Pulumi CLI. Its secrets are encrypted, so their values stay unknown. */
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
    getSecret: () => secret(PLACEHOLDER),
  };
}

/** @throws if the file is missing, with how to make it. */
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

/** The configuration with more secrets, whose values are unknown. */
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
