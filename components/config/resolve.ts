import type { z } from "zod";
import { checkAppSettings, effectiveAppSettings } from "./appSettings.ts";
import { defaults } from "./defaults.ts";
import { ConfigError, type Problem, show } from "./errors.ts";
import { isObject, merge } from "./merge.ts";
import { settingsSchema } from "./schema.ts";
import type { Settings, SettingsInput } from "./settings.ts";
import { checkRules, type GivenSecrets } from "./validate.ts";

/**
 * Complete, checked settings from what a user wrote: defaults filled in, every problem of every kind collected.
 *
 * @param given which secrets come with the settings; rules ask for some and exclude others.
 * @throws {ConfigError} with all problems at once.
 */
export function resolveSettings(input: SettingsInput, given: GivenSecrets = new Set()): Settings {
  const { settings, problems } = tryResolve(input, given);
  if (!settings || problems.length > 0) throw new ConfigError(problems);
  return settings;
}

/** The same without throwing, so that a caller can report further problems together with these. */
export function tryResolve(
  input: SettingsInput,
  given: GivenSecrets,
): { settings?: Settings; problems: readonly Problem[] } {
  const merged = merge(defaults, input) as Record<string, unknown>;
  const parsed = settingsSchema.safeParse(merged);
  if (parsed.success) {
    const settings = parsed.data;
    return { settings, problems: joint(settings, given) };
  }
  const { issues } = parsed.error;
  const shape = issues.flatMap((issue) => shapeProblems(issue, merged));
  // Rules are still checked, with defaults in place of the sections that are broken, and reported where those
  // sections play no part: one round of corrections instead of two.
  const broken = new Set(issues.flatMap(({ path, ...issue }) => path[0] ?? ("keys" in issue ? issue.keys : [])));
  const sound = Object.fromEntries(Object.entries(merged).filter(([section]) => !broken.has(section)));
  const rest = settingsSchema.safeParse(merge({ location: "placeholder", ...defaults }, sound));
  const others = rest.success ? joint(rest.data, given) : [];
  return { problems: [...shape, ...others.filter(({ key, fix }) => !mentions(`${key} ${fix}`, broken))] };
}

function joint(settings: Settings, given: GivenSecrets): readonly Problem[] {
  return [...checkAppSettings(settings), ...checkRules(settings, effectiveAppSettings(settings), given)];
}

function mentions(text: string, sections: ReadonlySet<PropertyKey>): boolean {
  return [...sections].some((section) => new RegExp(`\\b${String(section)}\\b`).test(text));
}

function shapeProblems(issue: z.core.$ZodIssue, root: unknown): Problem[] {
  if (issue.code === "unrecognized_keys") {
    const parent = at(root, issue.path);
    return issue.keys.map((key) => ({
      key: [...issue.path, key].join("."),
      seen: show((parent as Record<string, unknown>)[key]),
      fix: "there is no such setting; docs/configuration.md lists them all",
    }));
  }
  const value = at(root, issue.path);
  const fix = value === undefined ? `set it: ${lowerFirst(issue.message)}` : lowerFirst(issue.message);
  return [{ key: issue.path.join(".") || "configuration", seen: show(value), fix }];
}

function lowerFirst(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}

function at(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (isObject(value) || Array.isArray(value) ? (value as never)[key] : undefined),
    root,
  );
}
