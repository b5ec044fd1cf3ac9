import type { DeploySettings } from "../settings.ts";
import type { Cost } from "./types.ts";

const SECONDS_PER_HOUR = 3_600;
const MILLION = 1_000_000;

/**
 * What a location costs.
 *
 * @param pagesPerSecond as measured, by `replicas` replicas together; unknown where nothing was measured.
 */
export function costOf(
  price: DeploySettings["stacks"][string] | undefined,
  gpus: Cost["gpus"],
  gpusPerReplica: number,
  measured: { readonly pagesPerSecond: number; readonly replicas: number } | undefined,
): Cost {
  const { gpuPricePerHour, currency = "USD" } = price ?? {};
  const base = { gpus, currency, ...(gpuPricePerHour === undefined ? {} : { gpuPricePerHour }) };
  if (gpuPricePerHour === undefined || !measured || measured.pagesPerSecond <= 0 || gpusPerReplica === 0) return base;
  const perSecond = (gpuPricePerHour * gpusPerReplica * Math.max(1, measured.replicas)) / SECONDS_PER_HOUR;
  return { ...base, perMillionPages: (perSecond / measured.pagesPerSecond) * MILLION };
}

export function sayCost({ perMillionPages, currency, gpuPricePerHour, gpus }: Cost): string {
  if (gpus.most === 0) return "no GPU";
  if (gpuPricePerHour === undefined) return "no GPU price in deploy.yaml";
  if (perMillionPages === undefined) return "not measured yet";
  return `${perMillionPages.toFixed(perMillionPages < 100 ? 2 : 0)} ${currency} per million pages`;
}
