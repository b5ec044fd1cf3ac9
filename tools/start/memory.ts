import { availableParallelism } from "node:os";
import type { LocalEngine } from "./options.ts";

const GIB = 2 ** 30;

/** Memory that a running service needs at its peak, in bytes; measured in docs/benchmarks. */
export const neededMemory: Record<LocalEngine, number> = { cpu: 2 * GIB, null: 1.2 * GIB };

/** Why the machine is too small for the service, or undefined. Counts a container's limit, not only the machine's. */
export function memoryProblem(engine: LocalEngine, available: number = process.availableMemory()): string | undefined {
  const needed = neededMemory[engine];
  if (available >= needed) return undefined;
  const show = (bytes: number) => `${(bytes / GIB).toFixed(1)} GB`;
  return `Too little memory: ${show(available)} are free and the service needs ${show(needed)}. Close something, or give the container or VM more.`;
}

/** Cores that this process may use. */
export function cores(): number {
  return availableParallelism();
}
