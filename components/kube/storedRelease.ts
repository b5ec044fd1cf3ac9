import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { type KubeApi, KubeError } from "./client.ts";
import type { List, Meta } from "./objects.ts";
import { paths } from "./paths.ts";

/** A Helm release by name. */
export interface ReleaseName {
  readonly name: string;
  readonly namespace: string;
}

/** What Helm keeps of an installed release, as far as it is read here. */
export interface StoredRelease {
  readonly version: number;
  readonly info: { readonly first_deployed: string };
  readonly chart: {
    readonly metadata: { readonly version: string };
    /** Files that are not templates, including `crds/`; `data` is base64. */
    readonly files: readonly { readonly name: string; readonly data: string }[];
  };
}

const unzip = promisify(gunzip);

/** Lists only names, labels and annotations: objects may be megabytes. */
export const METADATA_LIST = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
export const METADATA_ONE = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";

/**
 * The newest revision of a release, as Helm stores it in a Secret. It holds the whole chart, wherever that came from:
 * a repository, an OCI registry or a local path, with any credentials. So nothing is downloaded a second time.
 */
export async function storedRelease(api: KubeApi, release: ReleaseName): Promise<StoredRelease> {
  const selector = encodeURIComponent(`owner=helm,name=${release.name}`);
  const list = await api.json<List<{ metadata: Meta }>>(
    `${paths.secrets(release.namespace)}?labelSelector=${selector}`,
    {
      accept: METADATA_LIST,
    },
  );
  const newest = [...(list.items ?? [])].sort((a, b) => revision(b.metadata) - revision(a.metadata))[0];
  if (newest === undefined) {
    throw new KubeError(0, `namespace ${release.namespace} has no record of the Helm release ${release.name}`);
  }
  const secret = await api.json<{ data: { release: string } }>(paths.secret(release.namespace, newest.metadata.name));
  return await decodeRelease(secret.data.release);
}

function revision(meta: Meta): number {
  return Number(meta.labels?.version ?? 0);
}

/** Helm gzips its JSON and encodes it in base64, and a Secret encodes that again. */
export async function decodeRelease(data: string): Promise<StoredRelease> {
  const zipped = Buffer.from(Buffer.from(data, "base64").toString("ascii"), "base64");
  return JSON.parse((await unzip(zipped)).toString("utf8")) as StoredRelease;
}
