import { availableParallelism } from "node:os";
import type { LocalEngine } from "./options.ts";

const GIB = 2 ** 30;

/** Memory that a running service needs at its peak, in bytes; measured in docs/benchmarks. */
export const neededMemory: Record<LocalEngine, number> = { cpu: 2 * GIB, null: 1.2 * GIB };

/** Why there is too little memory for the service, or undefined. Respects the limit of a container. */
export function memoryProblem(engine: LocalEngine, available: number = process.availableMemory()): string | undefined {
  const needed = neededMemory[engine];
  if (available >= needed) return undefined;
  const show = (bytes: number) => `${(bytes / GIB).toFixed(1)} GB`;
  return `Too little memory: ${show(available)} are free and the service needs ${show(needed)}. Close other programs, or give the container or VM more.`;
}

/** Cores that this process may use. */
export function cores(): number {
  return availableParallelism();
}
