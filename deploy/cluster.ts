import { connect } from "../components/kube/client.ts";
import type { List, Pod, RayServiceObject } from "../components/kube/objects.ts";
import { paths } from "../components/kube/paths.ts";
import { SERVICE } from "../components/specs/names.ts";
import { at } from "../policy/resource.ts";
import type { Location } from "./location.ts";
import type { FindCreated, PendingCreate } from "./pulumi/pending.ts";

type Where = Pick<Location, "connection" | "namespace">;

/** Content digests of the images of the serving cluster's pods; undefined where the cluster cannot be asked. */
export async function imageDigests({ connection, namespace }: Where): Promise<string[] | undefined> {
  try {
    const api = await connect(connection);
    const service = await api.find<RayServiceObject>(paths.rayService(namespace, SERVICE));
    const cluster = service?.status?.activeServiceStatus?.rayClusterName;
    if (!cluster) return undefined;
    const selector = encodeURIComponent(`ray.io/cluster=${cluster},ray.io/node-type=head`);
    const { items } = await api.json<List<Pod>>(`${paths.pods(namespace)}?labelSelector=${selector}`);
    const ids = items.flatMap((pod) => pod.status?.containerStatuses ?? []).map((status) => at(status, "imageID"));
    const digests = ids.flatMap((id) => /sha256:[0-9a-f]{64}/.exec(String(id))?.[0] ?? []);
    return [...new Set(digests)].sort();
  } catch {
    // Digests are for comparison with another location; a deploy does not depend on them.
    return undefined;
  }
}

/** Plural names in the Kubernetes API of what the program makes. */
const plurals: Readonly<Record<string, string>> = { NetworkPolicy: "networkpolicies", Ingress: "ingresses" };

/** Finds objects whose creation was cut off. Other providers of the program make nothing outside the state. */
export function findCreated({ connection }: Where): FindCreated {
  return async (pending) => {
    const place = objectPath(pending) ?? releasePath(pending);
    if (!place) return undefined;
    const api = await connect(connection);
    const found = place.list ? (await api.json<List<unknown>>(place.path)).items[0] : await api.find(place.path);
    return found === undefined ? undefined : place.id;
  };
}

interface Place {
  readonly path: string;
  readonly list?: boolean;
  /** Pulumi's id of the object. */
  readonly id: string;
}

/** Where a Kubernetes object would be; undefined for other resources and for names that Kubernetes chooses. */
export function objectPath({ type, inputs }: PendingCreate): Place | undefined {
  const [, group = "", version = "", kind = ""] = /^kubernetes:(.+)\/([^/:]+):(\w+)$/.exec(type) ?? [];
  const name = at(inputs, "metadata.name");
  if (!kind || group.startsWith("helm.sh") || typeof name !== "string") return undefined;
  const namespace = at(inputs, "metadata.namespace");
  const root = group === "core" ? `/api/${version}` : `/apis/${group}/${version}`;
  const plural = plurals[kind] ?? `${kind.toLowerCase()}s`;
  if (typeof namespace !== "string") return { path: `${root}/${plural}/${name}`, id: name };
  return { path: `${root}/namespaces/${namespace}/${plural}/${name}`, id: `${namespace}/${name}` };
}

/** Helm keeps a Release in Secrets with its name as label. */
function releasePath({ type, inputs }: PendingCreate): Place | undefined {
  const { name, namespace } = inputs;
  if (type !== "kubernetes:helm.sh/v3:Release" || typeof name !== "string" || typeof namespace !== "string")
    return undefined;
  const selector = encodeURIComponent(`owner=helm,name=${name}`);
  return { path: `${paths.secrets(namespace)}?labelSelector=${selector}`, list: true, id: `${namespace}/${name}` };
}
