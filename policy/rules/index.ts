import type { Rule } from "../resource.ts";
import { cachePresent } from "./cache.ts";
import { pinnedCharts } from "./charts.ts";
import { noPublicLoadBalancer } from "./exposure.ts";
import { headWithoutGpu } from "./head.ts";
import { pinnedImages } from "./images.ts";
import { noLatest } from "./latest.ts";
import { gpuLimits, memoryLimits } from "./limits.ts";
import { secretsByReference } from "./secrets.ts";

/** Every rule of the pack. */
export const rules: readonly Rule[] = [
  pinnedImages,
  pinnedCharts,
  noLatest,
  memoryLimits,
  gpuLimits,
  noPublicLoadBalancer,
  secretsByReference,
  cachePresent,
  headWithoutGpu,
];
