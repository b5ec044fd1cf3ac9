import type { KubeApi } from "./client.ts";
import type { Pod, RayServiceObject, ServeApplicationStatus } from "./objects.ts";
import { paths } from "./paths.ts";

const DASHBOARD_PORT = 8265;
const TIMEOUT_SECONDS = 5;

/** An application as Ray Serve itself describes it, on the dashboard port of the head. */
export interface ServeApplication extends ServeApplicationStatus {
  /** The part of serveConfigV2 that Serve is working towards, as it was sent. */
  readonly deployedConfig: Readonly<Record<string, unknown>>;
}

interface DashboardAnswer {
  readonly applications: Readonly<
    Record<
      string,
      {
        readonly status: string;
        readonly message: string;
        readonly deployed_app_config?: Readonly<Record<string, unknown>> | null;
        readonly deployments?: Readonly<Record<string, { readonly status: string; readonly message: string }>>;
      }
    >
  >;
}

/**
 * Serve's own status on the given head, read through the API server's proxy. Undefined if a network policy or a
 * missing permission for pods/proxy prevents that; then only KubeRay's copy of the status is left.
 *
 * Ray's token goes in `X-Ray-Authorization`, because the API server keeps `Authorization` for itself.
 */
export async function serveApplications(
  api: KubeApi,
  service: RayServiceObject,
  head: Pod,
): Promise<Readonly<Record<string, ServeApplication>> | undefined> {
  const namespace = head.metadata.namespace ?? service.metadata.namespace ?? "default";
  try {
    const token = await rayToken(api, service, namespace);
    const path = paths.podProxy(namespace, head.metadata.name, DASHBOARD_PORT, "/api/serve/applications/");
    const answer = await api.json<DashboardAnswer>(path, {
      timeoutSeconds: TIMEOUT_SECONDS,
      headers: token === undefined ? {} : { "x-ray-authorization": `Bearer ${token}` },
    });
    return Object.fromEntries(
      Object.entries(answer.applications).map(([name, application]) => [
        name,
        {
          status: application.status,
          message: application.message,
          serveDeploymentStatuses: application.deployments ?? {},
          deployedConfig: application.deployed_app_config ?? {},
        },
      ]),
    );
  } catch {
    return undefined;
  }
}

async function rayToken(api: KubeApi, service: RayServiceObject, namespace: string): Promise<string | undefined> {
  const auth = service.spec?.rayClusterConfig?.authOptions;
  if (auth?.mode !== "token" || auth.secretName === undefined) return undefined;
  const secret = await api.find<{ data?: Record<string, string> }>(paths.secret(namespace, auth.secretName));
  const token = secret?.data?.auth_token;
  return token === undefined ? undefined : Buffer.from(token, "base64").toString("utf8");
}

/** Whether everything in `wanted` is in `seen` with the same value. Serve may add values of its own. */
export function contains(seen: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted)) {
    return (
      Array.isArray(seen) && seen.length === wanted.length && wanted.every((one, index) => contains(seen[index], one))
    );
  }
  if (typeof wanted === "object" && wanted !== null) {
    if (typeof seen !== "object" || seen === null || Array.isArray(seen)) return false;
    return Object.entries(wanted).every(([key, value]) => contains((seen as Record<string, unknown>)[key], value));
  }
  return seen === wanted;
}
