import type { Claim, JobObject, KubeEvent, Pod, RayServiceObject } from "../objects.ts";

/** What was seen of a service at one moment. */
export interface Snapshot {
  readonly rayService?: RayServiceObject | undefined;
  /** Pods of the Ray cluster that should come up, and of the prefetch Job. */
  readonly pods: readonly Pod[];
  /** Warnings about the objects of the service, oldest first. */
  readonly events: readonly KubeEvent[];
  readonly claims: readonly Claim[];
  readonly jobs: readonly JobObject[];
  /** Ends of container logs by {@link logKey}. */
  readonly logs: Readonly<Record<string, string>>;
  readonly now: Date;
}

/** Key of a container's log in {@link Snapshot}. */
export function logKey(pod: string, container: string): string {
  return `${pod}/${container}`;
}

/** Label that the Job which fills the model cache puts on its pods. */
export const JOB_NAME_LABEL = "batch.kubernetes.io/job-name";

/** "head pod x", "worker pod y", "pod z": the name that messages use. */
export function podTitle(pod: Pod): string {
  const type = pod.metadata.labels?.["ray.io/node-type"];
  const role = type ?? (pod.metadata.labels?.[JOB_NAME_LABEL] === undefined ? undefined : "Job");
  return `${role === undefined ? "" : `${role} `}pod ${pod.metadata.name}`;
}

/** Seconds from an ISO 8601 time to the snapshot; 0 if the time is not known. */
export function ageSeconds(snapshot: Snapshot, since: string | undefined): number {
  return since === undefined ? 0 : Math.max(0, (snapshot.now.getTime() - Date.parse(since)) / 1_000);
}

/** When an event last happened. */
export function lastSeen(event: KubeEvent): string | undefined {
  return event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp;
}
