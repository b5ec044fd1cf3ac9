import type { AppSettings } from "../appSettings.ts";
import { type ConfigProblem, show } from "../errors.ts";
import type { GivenSecrets } from "../secrets.ts";
import type { Settings } from "../settings.ts";

/** All that rules may look at: the settings, with `app` completed by the application's own defaults, and the secrets. */
export interface Facts extends Omit<Settings, "app"> {
  readonly app: AppSettings;
  readonly secrets: GivenSecrets;
}

type Verdict = undefined | ConfigProblem | readonly ConfigProblem[];

/** A rule that joins several settings: nothing if they fit together. */
export interface Rule {
  readonly name: string;
  /** Sections that the rule looks at. If one of them is broken, the rule is not checked. */
  readonly reads: readonly (keyof Facts)[];
  check(facts: Facts): Verdict;
}

/** A rule, which can only look at the sections that it says it reads. */
export function rule<K extends keyof Facts>(reads: readonly K[], check: (facts: Pick<Facts, K>) => Verdict): Rule {
  return { name: check.name, reads, check };
}

/** A problem of one setting: what was seen, and what to write instead. */
export function problem(key: string, seen: unknown, fix: string): ConfigProblem {
  return { key, seen: show(seen), fix };
}
