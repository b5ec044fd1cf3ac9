import * as pulumi from "@pulumi/pulumi";
import type { AppSettings } from "./appSettings.ts";
import { ConfigError, type ConfigProblem } from "./errors.ts";
import { resolveSettings, tryResolve } from "./resolve.ts";
import { settingsSchema } from "./schema/index.ts";
import { type GivenSecrets, type SecretName, secretNames } from "./secrets.ts";
import type { Settings, SettingsInput } from "./settings.ts";

/** Where the configuration comes from: the engine, or a stack file that is read without it (tools/render/). */
export interface ConfigSource {
  /** Every key of this project, without its namespace. */
  keys(): readonly string[];
  /** A plain value: what YAML made of it, or its text. */
  get(key: string): unknown;
  /** Whether the key's value is encrypted. */
  isSecret(key: string): boolean;
  /** A secret value, which is only handed on and never read. */
  getSecret(key: string): pulumi.Output<string>;
}

/** The component's argument for secrets. In a stack file, each secret is a key of its own instead. */
const SECRETS = "secrets";

type SecretValues = Readonly<Partial<Record<SecretName, pulumi.Output<string>>>>;

/** A configuration as it was written: without defaults, and not checked yet. */
export interface WrittenConfig {
  readonly input: SettingsInput;
  readonly secrets: SecretValues;
}

/** A configuration that is complete and has passed every check. */
export interface LoadedConfig {
  readonly settings: Settings;
  /** `settings.app` as the application sees it, with its own defaults filled in. */
  readonly app: AppSettings;
  readonly secrets: SecretValues;
}

/**
 * Reads the configuration for the component DeepSeekOcr, which checks it. This file is the only one that touches
 * `pulumi.Config`.
 *
 * @throws {ConfigError} if a secret is in plain text or a setting is encrypted, with every other problem as well.
 */
export function readConfig(source: ConfigSource = engineSource()): WrittenConfig {
  const keys = source.keys();
  const given = new Set(secretNames.filter((name) => keys.includes(name) && !isEmpty(source, name)));
  const plain = keys.filter((key) => key !== SECRETS && !(secretNames as readonly string[]).includes(key));
  const input = Object.fromEntries(plain.filter((key) => !source.isSecret(key)).map((key) => [key, source.get(key)]));
  const misplaced = misplacedSecrets(source, keys, plain, given);
  if (misplaced.length > 0) throw new ConfigError([...misplaced, ...tryResolve(input, given).problems]);
  return { input, secrets: Object.fromEntries([...given].map((name) => [name, source.getSecret(name)])) };
}

/**
 * Reads and checks the whole configuration, for those who need the settings themselves.
 *
 * @throws {ConfigError} with every problem at once.
 */
export function loadConfig(source: ConfigSource = engineSource()): LoadedConfig {
  const { input, secrets } = readConfig(source);
  return { ...resolveSettings(input, new Set(Object.keys(secrets) as SecretName[])), secrets };
}

/** Pulumi.yaml gives every secret an empty default, because Pulumi requires a value for keys without one. */
function isEmpty(source: ConfigSource, name: SecretName): boolean {
  return !source.isSecret(name) && !source.get(name);
}

function misplacedSecrets(
  source: ConfigSource,
  keys: readonly string[],
  plain: readonly string[],
  given: GivenSecrets,
): ConfigProblem[] {
  const exposed = [...given].filter((name) => !source.isSecret(name));
  const hidden = plain.filter((key) => source.isSecret(key));
  return [
    ...exposed.map((key) => ({
      key,
      seen: "plain text",
      fix: `this is a secret: replace the value, then \`pulumi config set --secret ${key}\``,
    })),
    ...hidden.map((key) => ({ key, seen: "a secret", fix: "this setting is not a secret: set it in plain text" })),
    // Its value may hold secrets, so it is not shown.
    ...(keys.includes(SECRETS)
      ? [{ key: SECRETS, seen: "a section", fix: "set each secret by itself: `pulumi config set --secret KEY`" }]
      : []),
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

/** The engine hands objects over as JSON; anything else stays text, and the schema then refuses it by its key. */
function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return text;
  }
}
