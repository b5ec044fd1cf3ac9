import { connect, type KubeApi } from "../../components/kube/client.ts";

/** The cluster that KUBECONFIG names, where it answers; else in plain words why there is none. */
export async function reachCluster(env: NodeJS.ProcessEnv): Promise<KubeApi | string> {
  if (env.KUBECONFIG === undefined) return "skipped: KUBECONFIG names no cluster";
  const api = await connect({});
  try {
    await api.text("/version", { timeoutSeconds: 5 });
  } catch (error) {
    return `skipped: ${error instanceof Error ? error.message : error}`;
  }
  return api;
}
