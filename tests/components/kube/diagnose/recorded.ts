import { readFileSync } from "node:fs";
import type { Snapshot } from "../../../../components/kube/diagnose/index.ts";

/** A snapshot recorded from KubeRay 1.6.2 on Kubernetes 1.35, without what nobody reads. */
export function recorded(name: string): Snapshot {
  const text = readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url), "utf8");
  const { now, ...rest } = JSON.parse(text) as Omit<Snapshot, "now"> & { now: string };
  return { ...rest, now: new Date(now) };
}
