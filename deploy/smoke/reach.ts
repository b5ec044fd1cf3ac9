import { KubeError } from "../../components/kube/client.ts";
import type { Location } from "../location.ts";
import { ProblemError } from "../problems.ts";
import { type Forward, forwardToHead } from "./portForward.ts";

/** A URL at which the service can be reached until it is closed. */
export interface Way extends Forward {
  readonly by: "endpoint" | "port-forward";
}

/** Off the tailnet the name does not resolve, which shows at once; this is for a slow network. */
const ENDPOINT_TIMEOUT_MS = 5_000;

/**
 * Finds a way to a deployed service: its endpoint if this machine is on the tailnet, else through the Kubernetes API.
 *
 * @param via which way to take; "auto" tries the endpoint first.
 * @throws {ProblemError} if the service cannot be reached.
 */
export async function reach(
  endpoint: string,
  { connection, namespace }: Pick<Location, "connection" | "namespace">,
  via: "auto" | Way["by"],
): Promise<Way> {
  if (via === "endpoint" || (via === "auto" && (await answers(endpoint)))) {
    return { url: endpoint, by: "endpoint", close: async () => undefined };
  }
  try {
    return { ...(await forwardToHead(connection, namespace)), by: "port-forward" };
  } catch (error) {
    if (!(error instanceof KubeError)) throw error;
    const what = `Cannot reach the service at ${endpoint} or through the cluster: ${error.message}`;
    throw new ProblemError("cluster-unreachable", what, "Join the tailnet, or check the kubeconfig and its context.");
  }
}

/** Any answer, even a refusal, shows that the service can be reached. */
async function answers(endpoint: string): Promise<boolean> {
  return fetch(`${endpoint}/health`, { signal: AbortSignal.timeout(ENDPOINT_TIMEOUT_MS) }).then(
    () => true,
    () => false,
  );
}
