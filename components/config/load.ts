import * as pulumi from "@pulumi/pulumi";
import { ConfigError, type Problem } from "./errors.ts";
import { tryResolve } from "./resolve.ts";
import { settingsSchema } from "./schema.ts";
import { type SecretName, type Settings, secretNames } from "./settings.ts";

/** Where the configuration comes from: the engine, or a stack file that is read without it (render/). */
export interface ConfigSource {
  /** Every key of this project, without its namespace. */
  keys(): readonly string[];
  /** A plain value: what YAML made of it, or its text. */
  get(key: string): unknown;
  /** Whether the key's value is encrypted. */
  isSecret(key: string): boolean;
  /** A secret value; only ever handed on, never looked at. */
  getSecret(key: string): pulumi.Output<string>;
}

export interface LoadedConfig {
  readonly settings: Settings;
  readonly secrets: Readonly<Partial<Record<SecretName, pulumi.Output<string>>>>;
}

/**
 * Reads and checks the whole configuration. This is the only place that touches `pulumi.Config`.
 *
 * @throws {ConfigError} with every problem at once, before anything is created.
 */
export function loadConfig(source: ConfigSource = engineSource()): LoadedConfig {
  const keys = source.keys();
  const given = new Set(secretNames.filter((name) => keys.includes(name) && !isEmpty(source, name)));
  const plain = keys.filter((key) => !(secretNames as readonly string[]).includes(key));
  const input = Object.fromEntries(plain.filter((key) => !source.isSecret(key)).map((key) => [key, source.get(key)]));
  const { settings, problems } = tryResolve(input, given);
  const all = [...secretProblems(source, plain, given), ...problems];
  if (!settings || all.length > 0) throw new ConfigError(all);
  return { settings, secrets: Object.fromEntries([...given].map((name) => [name, source.getSecret(name)])) };
}

/** Pulumi.yaml gives every secret an empty default, because Pulumi demands a value for keys that have none. */
function isEmpty(source: ConfigSource, name: SecretName): boolean {
  return !source.isSecret(name) && !source.get(name);
}

function secretProblems(source: ConfigSource, plain: readonly string[], given: ReadonlySet<SecretName>): Problem[] {
  const exposed = [...given].filter((name) => !source.isSecret(name));
  const hidden = plain.filter((key) => source.isSecret(key));
  return [
    ...exposed.map((key) => ({
      key,
      seen: "plain text",
      fix: `it is a secret: replace the value, then \`pulumi config set --secret ${key}\``,
    })),
    ...hidden.map((key) => ({ key, seen: "a secret", fix: "it is no secret: set it in plain text" })),
  ];
}

/** Exported by the SDK and used by its own Config, but marked internal and so not in its types. */
const runtime = pulumi.runtime as typeof pulumi.runtime & { isConfigSecret(key: string): boolean };

/** The stack's configuration as the Pulumi engine hands it over. */
function engineSource(): ConfigSource {
  const config = new pulumi.Config();
  const prefix = `${config.name}:`;
  return {
    keys: () =>
      Object.keys(pulumi.runtime.allConfig())
        .filter((key) => key.startsWith(prefix))
        .map((key) => key.slice(prefix.length)),
    get: (key) => (isSection(key) ? parsed(config.get(key)) : config.get(key)),
    isSecret: (key) => runtime.isConfigSecret(prefix + key),
    getSecret: (key) => config.requireSecret(key),
  };
}

function isSection(key: string): boolean {
  const shape: Readonly<Record<string, { type?: string }>> = settingsSchema.shape;
  return shape[key]?.type === "object" || shape[key]?.type === "record";
}

/** The engine hands objects over as JSON; anything else stays text, for the schema to refuse with its key. */
function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return text;
  }
}
