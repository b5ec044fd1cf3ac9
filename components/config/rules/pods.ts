import { engineFacts } from "../engines.ts";
import { parseQuantity } from "../quantity.ts";
import { problem, type Rule, rule } from "./rule.ts";

const GIB = 2 ** 30;

/** Rules of CPU and memory. */
export const podRules: readonly Rule[] = [
  rule(["head", "worker"], function requestsFitTheirLimits(pods) {
    return (["head", "worker"] as const).flatMap((pod) => {
      return (["cpu", "memory"] as const).flatMap((resource) => {
        const { [resource]: limit, [`${resource}Request` as const]: request } = pods[pod];
        if (parseQuantity(request) <= parseQuantity(limit)) return [];
        return [problem(`${pod}.${resource}Request`, request, `must not exceed ${pod}.${resource} (${limit})`)];
      });
    });
  }),
  rule(["serve", "worker"], function replicaFitsItsWorker({ serve, worker }) {
    if (serve.engineCpus <= parseQuantity(worker.cpu)) return;
    const fix = `must not exceed worker.cpu (${worker.cpu}), or no worker can hold a replica`;
    return problem("serve.engineCpus", serve.engineCpus, fix);
  }),
  rule(["engine", "worker"], function memoryHoldsSharedMemory({ engine, worker }) {
    const { memoryGiB } = engineFacts(engine);
    if (parseQuantity(worker.memory) >= parseQuantity(worker.sharedMemory) + memoryGiB * GIB) return;
    const fix = `must exceed worker.sharedMemory (${worker.sharedMemory}), which counts against it, by ${memoryGiB} GiB`;
    return problem("worker.memory", worker.memory, fix);
  }),
];
