import type { KubeApi } from "./client.ts";
import type { List, Meta } from "./objects.ts";
import { paths } from "./paths.ts";
import { METADATA_LIST, type ReleaseName } from "./storedRelease.ts";

/** The KubeRay release that is about to be installed. */
export interface PlannedRelease extends ReleaseName {
  readonly values: Readonly<Record<string, unknown>>;
}

interface Deployment {
  readonly metadata: Meta;
  readonly spec?: {
    readonly template?: { readonly spec?: { readonly containers?: readonly { readonly args?: readonly string[] }[] } };
  };
}

/** Name of everything that the chart creates for itself. */
const OPERATOR = "kuberay-operator";
/** Cluster-wide names of the chart, made unless it is confined to namespaces. */
const CLUSTER_NAMES = new RegExp(`^(${OPERATOR}|ray(cluster|cronjob|job|service)-(editor|viewer)-role)$`);

/**
 * What prevents the release: objects of an earlier installation, on which Helm fails half-way with "cannot be imported
 * into the current release", and operators that would manage the same RayService. One line each.
 */
export async function kuberayLeftovers(api: KubeApi, release: PlannedRelease): Promise<string[]> {
  const watched = asStrings(release.values.watchNamespace);
  const namespaced = release.values.singleNamespaceInstall === true;
  const rbac = "/apis/rbac.authorization.k8s.io/v1";
  const roles = namespaced ? [...new Set([...watched, release.namespace])] : [release.namespace];
  const lists = [
    ...(namespaced
      ? []
      : [
          { kind: "ClusterRole", path: `${rbac}/clusterroles`, names: CLUSTER_NAMES },
          { kind: "ClusterRoleBinding", path: `${rbac}/clusterrolebindings`, names: CLUSTER_NAMES },
        ]),
    {
      kind: "ServiceAccount",
      path: `/api/v1/namespaces/${release.namespace}/serviceaccounts`,
      names: /^kuberay-operator$/,
    },
    ...roles.flatMap((namespace) => [
      { kind: "Role", path: `${rbac}/namespaces/${namespace}/roles`, names: /^kuberay-operator$/ },
      { kind: "RoleBinding", path: `${rbac}/namespaces/${namespace}/rolebindings`, names: /^kuberay-operator$/ },
    ]),
  ];
  const found = await Promise.all([
    ...lists.map(async ({ kind, path, names }) => {
      const list = await api.json<List<{ metadata: Meta }>>(path, { accept: METADATA_LIST });
      // An empty list of metadata comes as null.
      return (list.items ?? [])
        .map(({ metadata }) => metadata)
        .filter((meta) => names.test(meta.name) && !belongsTo(meta, release))
        .map((meta) => `${kind} ${title(meta)} (${ownerOf(meta)})`);
    }),
    otherOperators(api, release, watched),
  ]);
  return found.flat();
}

/** The error message for leftovers. */
export function leftoversMessage(leftovers: readonly string[]): string {
  return [
    "The cluster already has parts of a KubeRay installation that this stack did not make:",
    ...leftovers.map((one) => `    ${one}`),
    "  → If that operator is in use, set kuberay.mode to `existing`. If it is a leftover, remove it:",
    "    `helm uninstall RELEASE -n NAMESPACE`, or `kubectl delete` for each object above.",
  ].join("\n");
}

/** Other operators that watch a namespace of this release: two operators would undo each other's changes. */
async function otherOperators(api: KubeApi, release: PlannedRelease, watched: readonly string[]): Promise<string[]> {
  const selector = encodeURIComponent(`app.kubernetes.io/name=${OPERATOR}`);
  const list = await api.json<List<Deployment>>(`/apis/apps/v1/deployments?labelSelector=${selector}`);
  const named = await api.find<Deployment>(paths.deployment(release.namespace, OPERATOR));
  const all = new Map([...list.items, ...(named === undefined ? [] : [named])].map((one) => [one.metadata.uid, one]));
  return [...all.values()]
    .filter(({ metadata }) => !belongsTo(metadata, release))
    .flatMap((deployment) => {
      const theirs = watchedBy(deployment);
      const shared =
        theirs.length === 0 || watched.length === 0 || theirs.some((namespace) => watched.includes(namespace));
      if (!shared) return [];
      const what = theirs.length === 0 ? "watches every namespace" : `watches ${theirs.join(", ")}`;
      return [`Deployment ${title(deployment.metadata)} (${ownerOf(deployment.metadata)}), which ${what}`];
    });
}

function watchedBy(deployment: Deployment): string[] {
  const args = deployment.spec?.template?.spec?.containers?.flatMap((container) => container.args ?? []) ?? [];
  const at = args.findIndex((arg) => /^--?watch-namespace/.test(arg));
  const value = args[at]?.split("=")[1] ?? (at < 0 ? undefined : args[at + 1]);
  return value?.split(",").filter((one) => one !== "") ?? [];
}

function asStrings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];
}

function belongsTo(meta: Meta, release: ReleaseName): boolean {
  return (
    meta.annotations?.["meta.helm.sh/release-name"] === release.name &&
    meta.annotations["meta.helm.sh/release-namespace"] === release.namespace
  );
}

function title(meta: Meta): string {
  return meta.namespace === undefined ? meta.name : `${meta.namespace}/${meta.name}`;
}

function ownerOf(meta: Meta): string {
  const name = meta.annotations?.["meta.helm.sh/release-name"];
  return name === undefined
    ? "not from Helm"
    : `Helm release ${name} in ${meta.annotations?.["meta.helm.sh/release-namespace"]}`;
}
