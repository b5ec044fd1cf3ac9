import type { z } from "zod";
import { type AppSettings, checkAppSettings } from "./appSettings.ts";
import { defaults } from "./defaults.ts";
import { ConfigError, type ConfigProblem, show } from "./errors.ts";
import { isObject, merge } from "./merge.ts";
import { checkRules } from "./rules/index.ts";
import { settingsSchema } from "./schema/index.ts";
import type { GivenSecrets } from "./secrets.ts";
import type { Settings, SettingsInput } from "./settings.ts";

/** Settings that are complete and have passed every check. */
export interface ResolvedSettings {
  readonly settings: Settings;
  /** `settings.app` as the application sees it, with its own defaults filled in. */
  readonly app: AppSettings;
}

/**
 * Complete, checked settings from what a user wrote: defaults filled in, every problem of every kind collected.
 *
 * @param given which secrets come with the settings; rules need some and exclude others.
 * @throws {ConfigError} with all problems at once.
 */
export function resolveSettings(input: SettingsInput, given: GivenSecrets = new Set()): ResolvedSettings {
  const { resolved, problems } = tryResolve(input, given);
  if (!resolved) throw new ConfigError(problems);
  return resolved;
}

/** Resolves settings and returns the problems instead of throwing, so that a caller can add its own to them. */
export function tryResolve(
  input: SettingsInput,
  given: GivenSecrets,
): { resolved?: ResolvedSettings; problems: readonly ConfigProblem[] } {
  const merged = merge(defaults, input) as Record<string, unknown>;
  const parsed = settingsSchema.safeParse(merged);
  const issues = parsed.error?.issues ?? [];
  const shape = issues.flatMap((issue) => shapeProblems(issue, merged));
  // Rules are still checked, with defaults in place of the sections that are broken, but not those that read one
  // of those: one round of corrections instead of two.
  const broken = new Set(issues.flatMap(({ path, ...issue }) => path[0] ?? ("keys" in issue ? issue.keys : [])));
  const settings = parsed.data ?? withoutSections(merged, broken);
  if (!settings) return { problems: shape };
  const app = checkAppSettings(settings);
  if (app.problems.length > 0) broken.add("app");
  const facts = { ...settings, app: app.effective, secrets: given };
  const problems = [...shape, ...app.problems, ...checkRules(facts, broken)];
  return problems.length > 0 ? { problems } : { resolved: { settings, app: app.effective }, problems };
}

/** Settings with defaults in place of some sections; undefined if that is not enough. */
function withoutSections(merged: Readonly<Record<string, unknown>>, broken: ReadonlySet<PropertyKey>) {
  const sound = Object.fromEntries(Object.entries(merged).filter(([section]) => !broken.has(section)));
  return settingsSchema.safeParse(merge({ location: "placeholder", ...defaults }, sound)).data;
}

function shapeProblems(issue: z.core.$ZodIssue, root: unknown): ConfigProblem[] {
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
