import type { KubeApi } from "./client.ts";
import { condition, type JobObject, type RayServiceObject } from "./objects.ts";
import { paths } from "./paths.ts";

/** Annotation of an object: the uid of the dead object that it replaced. Empty for the first. */
export const REPLACES_ANNOTATION = "deepseek-ocr.pulumi/replaces";

/**
 * What {@link REPLACES_ANNOTATION} should say. A RayService that ran into its initializing timeout is dead for good:
 * KubeRay ignores every later change of it. Its uid here differs from what the object carries, and the program
 * replaces a RayService whose annotation changes. A RayService that is alive keeps its annotation, so nothing is
 * replaced twice.
 */
export async function replacedRayService(api: KubeApi, namespace: string, name: string): Promise<string> {
  const live = await api.find<RayServiceObject>(paths.rayService(namespace, name));
  return replaces(live, live !== undefined && isDead(live));
}

/** What {@link REPLACES_ANNOTATION} of a Job should say: a Job that failed stays failed, so the next `up` replaces it. */
export async function replacedJob(api: KubeApi, namespace: string, name: string): Promise<string> {
  const live = await api.find<JobObject>(`${paths.jobs(namespace)}/${name}`);
  return replaces(live, condition(live?.status?.conditions, "Failed")?.status === "True");
}

function replaces(live: Pick<JobObject, "metadata"> | undefined, dead: boolean): string {
  return (dead ? live?.metadata.uid : live?.metadata.annotations?.[REPLACES_ANNOTATION]) ?? "";
}

function isDead(service: RayServiceObject): boolean {
  const ready = condition(service.status?.conditions, "Ready");
  return ready?.status === "False" && ready.reason === "InitializingTimeout";
}
