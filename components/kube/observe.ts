import type { KubeApi } from "./client.ts";
import { JOB_NAME_LABEL, lastSeen, logKey, type Snapshot } from "./diagnose/snapshot.ts";
import type { Claim, ContainerStatus, JobObject, KubeEvent, List, Pod, RayServiceObject } from "./objects.ts";
import { paths } from "./paths.ts";

const LOG_LINES = 40;

/** What to look at: one RayService, and the Job and claim that fill and hold its model. */
export interface Subject {
  readonly namespace: string;
  readonly name: string;
  readonly jobs?: readonly string[];
  readonly claims?: readonly string[];
}

/** Takes a {@link Snapshot}. Logs are read only of containers that failed or of a Job's pods. */
export async function observe(api: KubeApi, subject: Subject): Promise<Snapshot> {
  const { namespace } = subject;
  const service = await api.find<RayServiceObject>(paths.rayService(namespace, subject.name));
  const cluster = goalCluster(service);
  const [pods, events, claims, jobs] = await Promise.all([
    api.json<List<Pod>>(paths.pods(namespace)),
    api.json<List<KubeEvent>>(`${paths.events(namespace)}?fieldSelector=type%3DWarning`),
    subject.claims?.length ? api.json<List<Claim>>(paths.claims(namespace)) : { items: [] as Claim[] },
    subject.jobs?.length ? api.json<List<JobObject>>(paths.jobs(namespace)) : { items: [] as JobObject[] },
  ]);
  const ours = pods.items.filter((pod) => {
    const job = pod.metadata.labels?.[JOB_NAME_LABEL];
    return (
      (cluster !== undefined && pod.metadata.labels?.["ray.io/cluster"] === cluster) ||
      (job !== undefined && subject.jobs?.includes(job) === true)
    );
  });
  const names = new Set([subject.name, cluster, ...(subject.jobs ?? []), ...(subject.claims ?? [])]);
  for (const pod of ours) names.add(pod.metadata.name);
  return {
    rayService: service,
    pods: ours,
    events: events.items.filter((event) => names.has(event.involvedObject.name)).sort(byTime),
    claims: claims.items.filter((claim) => subject.claims?.includes(claim.metadata.name)),
    jobs: jobs.items.filter((job) => subject.jobs?.includes(job.metadata.name)),
    logs: await readLogs(api, namespace, ours),
    now: new Date(),
  };
}

/** The cluster that is to serve: the pending one while there is one. */
export function goalCluster(service: RayServiceObject | undefined): string | undefined {
  return (
    service?.status?.pendingServiceStatus?.rayClusterName ||
    service?.status?.activeServiceStatus?.rayClusterName ||
    undefined
  );
}

function byTime(a: KubeEvent, b: KubeEvent): number {
  return (lastSeen(a) ?? "").localeCompare(lastSeen(b) ?? "");
}

async function readLogs(api: KubeApi, namespace: string, pods: readonly Pod[]): Promise<Record<string, string>> {
  const wanted = pods.flatMap((pod) => {
    const isJob = pod.metadata.labels?.[JOB_NAME_LABEL] !== undefined;
    const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
    return statuses
      .filter((status) => isJob || failed(status) || isRunningInit(pod, status))
      .map((status) => ({
        pod: pod.metadata.name,
        container: status.name,
        previous: status.state?.waiting !== undefined && status.restartCount > 0,
      }));
  });
  const entries = await Promise.all(
    wanted.map(async ({ pod, container, previous }) => {
      const text = await api.text(paths.podLog(namespace, pod, container, LOG_LINES, previous)).catch(() => "");
      return [logKey(pod, container), text] as const;
    }),
  );
  return Object.fromEntries(entries);
}

function failed(status: ContainerStatus): boolean {
  const ended = status.state?.terminated ?? status.lastState?.terminated;
  return ended !== undefined && ended.exitCode !== 0;
}

function isRunningInit(pod: Pod, status: ContainerStatus): boolean {
  return (pod.status?.initContainerStatuses ?? []).includes(status) && status.state?.running !== undefined;
}
