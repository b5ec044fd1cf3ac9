import { condition, type RayServiceObject, type ServeApplicationStatus } from "../objects.ts";
import { lastLines, type Reason } from "./reason.ts";
import type { Snapshot } from "./snapshot.ts";

/** Reasons that the RayService and Ray Serve report themselves. */
export function applicationReasons(snapshot: Snapshot): Reason[] {
  const service = snapshot.rayService;
  if (service === undefined) return [];
  return [...serviceReasons(service), ...serveReasons(goalApplications(service))];
}

/** The applications of the cluster that is to serve: the pending one while there is one. */
export function goalApplications(service: RayServiceObject): Readonly<Record<string, ServeApplicationStatus>> {
  const pending = service.status?.pendingServiceStatus;
  const goal = pending?.rayClusterName ? pending : service.status?.activeServiceStatus;
  return goal?.applicationStatuses ?? {};
}

function serviceReasons(service: RayServiceObject): Reason[] {
  const ready = condition(service.status?.conditions, "Ready");
  if (ready?.reason === "InitializingTimeout") {
    return [
      {
        key: "initializing-timeout",
        text: `KubeRay gave up on RayService ${service.metadata.name}: ${ready.message ?? "it did not become ready in time"}.`,
        fix: "The next `pulumi up` replaces it. rayService.initializingTimeoutSeconds sets how long a start may take.",
        rank: 30,
        hopelessAfterSeconds: 0,
      },
    ];
  }
  if (ready?.reason === "ValidationFailed") {
    return [
      {
        key: "validation",
        text: `KubeRay refuses RayService ${service.metadata.name}.`,
        lastWords: lastLines(ready.message ?? "", 3),
        rank: 5,
        hopelessAfterSeconds: 10,
      },
    ];
  }
  return [];
}

/** What is wrong with each application, from the RayService's status or from Serve itself. */
export function serveReasons(applications: Readonly<Record<string, ServeApplicationStatus>>): Reason[] {
  return Object.entries(applications).flatMap(([name, application]): Reason[] => {
    if (application.status !== "DEPLOY_FAILED" && application.status !== "UNHEALTHY") return [];
    const failed = application.status === "DEPLOY_FAILED";
    return [
      {
        key: `serve:${name}:${application.status}`,
        text: failed
          ? `Ray Serve could not start the application ${name} (DEPLOY_FAILED).`
          : `The application ${name} is unhealthy.`,
        lastWords: lastLines(serveMessage(application)),
        rank: 8,
        // Serve does not try again after DEPLOY_FAILED; a short grace lets an older status give way to the new one.
        ...(failed ? { hopelessAfterSeconds: 6 } : {}),
      },
    ];
  });
}

function serveMessage(application: ServeApplicationStatus): string {
  const deployments = Object.entries(application.serveDeploymentStatuses ?? {})
    .filter(([, deployment]) => deployment.message && deployment.status !== "HEALTHY")
    .map(([name, deployment]) => `${name}: ${deployment.message}`);
  return [application.message ?? "", ...deployments].join("\n");
}
