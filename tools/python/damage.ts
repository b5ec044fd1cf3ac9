import { removeManifest } from "./manifest.ts";
import { damagedPackages } from "./records.ts";

/**
 * Whether packages of an environment hold other bytes than were installed, which problem.ts does not see where a
 * file has kept its size. If so, the environment is marked, so that the next command makes another one. Reads every
 * file, which takes some seconds: for use after a failure.
 *
 * @returns what to do; undefined if nothing is damaged.
 */
export function damageProblem(environment: string): string | undefined {
  const damaged = damagedPackages(environment, { hashes: true });
  if (damaged.length === 0) return undefined;
  removeManifest(environment);
  return `Python packages are damaged: ${damaged.join(", ")}.\nRun the same command again: it installs the packages again.`;
}
