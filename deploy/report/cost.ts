import type { Location } from "../location.ts";
import type { DeploySettings } from "../settings.ts";
import type { Cost } from "./types.ts";

const SECONDS_PER_HOUR = 3_600;
const MILLION = 1_000_000;

/**
 * What a location costs.
 *
 * @param price of the location in deploy.yaml.
 * @param measured speed of `replicas` replicas together; undefined if nothing was measured.
 */
export function costOf(
  price: DeploySettings["stacks"][string] | undefined,
  { gpus, gpusPerReplica }: Pick<Location, "gpus" | "gpusPerReplica">,
  measured: { readonly pagesPerSecond: number; readonly replicas: number } | undefined,
): Cost {
  const { gpuPricePerHour, currency = "USD" } = price ?? {};
  const known = gpuPricePerHour !== undefined && measured && measured.pagesPerSecond > 0 && gpusPerReplica > 0;
  const gpusAwake = gpusPerReplica * Math.max(1, measured?.replicas ?? 1);
  const perMillionPages = known
    ? ((gpuPricePerHour * gpusAwake) / SECONDS_PER_HOUR / measured.pagesPerSecond) * MILLION
    : undefined;
  return { gpus, currency, gpuPricePerHour, perMillionPages };
}

/** The cost of a million pages in words, or why it is not known. */
export function sayCost({ perMillionPages, currency, gpuPricePerHour, gpus }: Cost): string {
  if (gpus.most === 0) return "no GPU";
  if (gpuPricePerHour === undefined) return "no GPU price in deploy.yaml";
  if (perMillionPages === undefined) return "not measured yet";
  return `${perMillionPages.toFixed(perMillionPages < 100 ? 2 : 0)} ${currency} per million pages`;
}
