import { parse } from "yaml";
import { condition, type RayServiceObject } from "./objects.ts";
import { contains, type ServeApplication } from "./serveStatus.ts";

/** How far a RayService has come towards serving its newest generation. */
export type Progress =
  | { readonly done: true }
  /** `settling`: KubeRay reports success, but its copy of Serve's status may be older than the change. */
  | { readonly done: false; readonly waitingFor: string; readonly settling?: boolean };

const waitFor = (waitingFor: string): Progress => ({ done: false, waitingFor });

/**
 * Whether the newest generation serves. `serve` is Serve's own answer from the head of the active cluster, if the head
 * could be reached.
 *
 * KubeRay reads Serve's status before it sends a changed serveConfigV2, and writes that older status together with
 * the new observedGeneration: the status says RUNNING for a configuration that Serve has not looked at yet.
 * Serve's own answer names the configuration it is working towards, so it is never out of date.
 * https://github.com/ray-project/kuberay/blob/v1.6.2/ray-operator/controllers/ray/rayservice_controller.go#L1736
 */
export function progress(
  service: RayServiceObject,
  serve: Readonly<Record<string, ServeApplication>> | undefined,
): Progress {
  const { status, metadata } = service;
  if (metadata.deletionTimestamp !== undefined) return waitFor("the old RayService to be deleted");
  if ((status?.observedGeneration ?? 0) < (metadata.generation ?? 1)) {
    return waitFor("the KubeRay operator to take up the change");
  }
  const upgrade = condition(status?.conditions, "UpgradeInProgress");
  if (upgrade?.status === "True") {
    return waitFor(`the new Ray cluster ${status?.pendingServiceStatus?.rayClusterName ?? ""} to take over`);
  }
  if (condition(status?.conditions, "Ready")?.status !== "True") {
    return waitFor(`the Ray cluster ${status?.pendingServiceStatus?.rayClusterName ?? ""} to become ready`);
  }
  if (upgrade?.status !== "False") return waitFor("the Ray cluster to become active");
  return serve === undefined ? fromKubeRay(service) : fromServe(service, serve);
}

/** The applications of serveConfigV2 by name. */
function wantedApplications(service: RayServiceObject): ReadonlyMap<string, Readonly<Record<string, unknown>>> {
  const config = parse(service.spec?.serveConfigV2 ?? "{}") as { applications?: Record<string, unknown>[] };
  return new Map((config.applications ?? []).map((application) => [String(application.name), application]));
}

/** Whether Serve is working towards the newest serveConfigV2. */
export function isNewest(service: RayServiceObject, serve: Readonly<Record<string, ServeApplication>>): boolean {
  return [...wantedApplications(service)].every(([name, wanted]) => contains(serve[name]?.deployedConfig, wanted));
}

function fromServe(service: RayServiceObject, serve: Readonly<Record<string, ServeApplication>>): Progress {
  for (const [name, wanted] of wantedApplications(service)) {
    const application = serve[name];
    if (application === undefined || !contains(application.deployedConfig, wanted)) {
      return waitFor(`Ray Serve to take up the configuration of ${name}`);
    }
    if (application.status !== "RUNNING")
      return waitFor(`the application ${name} (${application.status ?? "unknown"})`);
  }
  return { done: true };
}

function fromKubeRay(service: RayServiceObject): Progress {
  const statuses = service.status?.activeServiceStatus?.applicationStatuses ?? {};
  for (const name of wantedApplications(service).keys()) {
    const status = statuses[name]?.status;
    if (status !== "RUNNING") return waitFor(`the application ${name} (${status ?? "not there yet"})`);
  }
  return { done: false, waitingFor: "Ray Serve to settle", settling: true };
}
