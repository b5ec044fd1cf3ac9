import { SERVICE } from "../specs/names.ts";
import type { KubeApi } from "./client.ts";
import type { List, Pod, RayServiceObject } from "./objects.ts";
import { paths } from "./paths.ts";

/** No head pod serves. The message says in one sentence what is missing. */
export class NoHeadPodError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "NoHeadPodError";
  }
}

/**
 * The head pod of the Ray cluster that serves requests now. While KubeRay replaces a cluster there are two head pods;
 * this is the one of the cluster that is still in use.
 *
 * @throws {NoHeadPodError} if the RayService, a serving cluster or its head pod is missing.
 * @throws {KubeError} if the API server does not answer or refuses.
 */
export async function servingHeadPod(api: KubeApi, namespace: string): Promise<Pod> {
  const service = await api.find<RayServiceObject>(paths.rayService(namespace, SERVICE));
  if (!service) throw new NoHeadPodError(`There is no RayService ${SERVICE} in namespace ${namespace}.`);
  const cluster = service.status?.activeServiceStatus?.rayClusterName;
  if (!cluster) throw new NoHeadPodError(`The RayService in namespace ${namespace} has no cluster that serves yet.`);
  const selector = encodeURIComponent(`ray.io/cluster=${cluster},ray.io/node-type=head`);
  const { items } = await api.json<List<Pod>>(`${paths.pods(namespace)}?labelSelector=${selector}`);
  const [pod] = items;
  if (!pod) throw new NoHeadPodError(`The Ray cluster ${cluster} has no head pod.`);
  return pod;
}
