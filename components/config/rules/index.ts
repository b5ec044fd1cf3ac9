import type { ConfigProblem } from "../errors.ts";
import { engineRules } from "./engine.ts";
import { networkRules } from "./network.ts";
import { pdfLibraryRules } from "./pdfLibraries.ts";
import { podRules } from "./pods.ts";
import type { Facts, Rule } from "./rule.ts";
import { scalingRules } from "./scaling.ts";

/** Every rule, in the order in which problems are listed. */
export const rules: readonly Rule[] = [
  ...engineRules,
  ...scalingRules,
  ...podRules,
  ...pdfLibraryRules,
  ...networkRules,
];

/**
 * The problems of every rule that is broken.
 *
 * @param broken sections that are wrong by themselves: `facts` holds their defaults, so rules that read them are left out.
 */
export function checkRules(
  facts: Facts,
  broken: ReadonlySet<PropertyKey>,
  checked: readonly Rule[] = rules,
): readonly ConfigProblem[] {
  return checked
    .filter(({ reads }) => !reads.some((section) => broken.has(section)))
    .flatMap((rule) => rule.check(facts) ?? []);
}
