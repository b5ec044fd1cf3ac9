import type { KubeApi } from "../../../components/kube/client.ts";
import type { List, Pod, RayServiceObject } from "../../../components/kube/objects.ts";
import { paths } from "../../../components/kube/paths.ts";

export const NAMESPACE = "ai";
export const RAY_SERVICE = "deepseek-ocr";

export async function pods(api: KubeApi, type: "head" | "worker"): Promise<readonly Pod[]> {
  const list = await api.json<List<Pod>>(`${paths.pods(NAMESPACE)}?labelSelector=ray.io%2Fnode-type%3D${type}`);
  return list.items;
}

export async function activeCluster(api: KubeApi): Promise<string | undefined> {
  const service = await api.find<RayServiceObject>(paths.rayService(NAMESPACE, RAY_SERVICE));
  return service?.status?.activeServiceStatus?.rayClusterName;
}

/** Seconds until `check` is true. Fails after `limitSeconds`. */
export async function until(what: string, limitSeconds: number, check: () => Promise<boolean>): Promise<number> {
  const started = performance.now();
  for (;;) {
    const seconds = (performance.now() - started) / 1_000;
    if (await check()) return seconds;
    if (seconds > limitSeconds) throw new Error(`${what}: not after ${limitSeconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
