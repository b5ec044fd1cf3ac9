import { connect } from "../components/kube/client.ts";
import { servingHeadPod } from "../components/kube/headPod.ts";
import type { List } from "../components/kube/objects.ts";
import { paths } from "../components/kube/paths.ts";
import { at } from "../policy/resource.ts";
import type { Location } from "./location.ts";
import type { FindCreated, PendingCreate } from "./pulumi/pending.ts";

type Where = Pick<Location, "connection" | "namespace">;

/** Content digests of the images that the serving head pod runs; undefined if the cluster does not tell. */
export async function imageDigests({ connection, namespace }: Where): Promise<string[] | undefined> {
  try {
    const { status } = await servingHeadPod(await connect(connection), namespace);
    const ids = (status?.containerStatuses ?? []).map((container) => at(container, "imageID"));
    const digests = ids.flatMap((id) => /sha256:[0-9a-f]{64}/.exec(String(id))?.[0] ?? []);
    return [...new Set(digests)].sort();
  } catch {
    // Digests are only for comparison with another location; a deploy does not depend on them.
    return undefined;
  }
}

/** Plurals in the Kubernetes API that are not just the name with an s. */
const plurals: Readonly<Record<string, string>> = { NetworkPolicy: "networkpolicies", Ingress: "ingresses" };

/** Finds objects whose creation was cut off. Only the Kubernetes provider creates anything outside the state. */
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
  readonly list?: boolean | undefined;
  /** Pulumi's id of the object. */
  readonly id: string;
}

/** The path of a Kubernetes object; undefined for other resources and for names that Kubernetes chooses. */
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

/** The path of a Helm release: Helm keeps it in Secrets that are labelled with its name. */
function releasePath({ type, inputs }: PendingCreate): Place | undefined {
  const { name, namespace } = inputs;
  if (type !== "kubernetes:helm.sh/v3:Release" || typeof name !== "string" || typeof namespace !== "string")
    return undefined;
  const selector = encodeURIComponent(`owner=helm,name=${name}`);
  return { path: `${paths.secrets(namespace)}?labelSelector=${selector}`, list: true, id: `${namespace}/${name}` };
}
