import semver from "semver";
import type { KubeApi } from "./client.ts";
import type { Meta } from "./objects.ts";
import { paths } from "./paths.ts";
import { METADATA_ONE, type ReleaseName, type StoredRelease, storedRelease } from "./storedRelease.ts";

/** Says which version of the chart a CRD is from. */
export const CHART_ANNOTATION = "deepseek-ocr.pulumi/kuberay-chart";
const FIELD_MANAGER = "deepseek-ocr-crds";
/** CRDs that every supported chart has; a newer chart may bring more. */
const KNOWN_CRDS = ["rayclusters.ray.io", "rayjobs.ray.io", "rayservices.ray.io"];
/** Helm creates the CRDs a moment before it records the release. */
const SAME_INSTALL_MILLISECONDS = 120_000;

export interface CrdOutcome {
  readonly action: "unchanged" | "adopted" | "upgraded" | "newer";
  readonly message: string;
}

/**
 * Brings KubeRay's CRDs to the version of the installed chart. Helm creates CRDs at the first install and never
 * touches them again, and an operator whose CRDs are older silently loses the fields they lack. Pulumi could own
 * them, but would then read and compare megabytes in every preview (25 to 35 s).
 *
 * While the CRDs carry the chart's version, this reads little and changes nothing. CRDs of a newer chart are left alone:
 * another operator of the cluster put them there.
 */
export async function upgradeCrds(api: KubeApi, release: ReleaseName, chartVersion: string): Promise<CrdOutcome> {
  const present = await Promise.all(KNOWN_CRDS.map((name) => crdMeta(api, name)));
  const versions = present.map((meta) => meta?.annotations?.[CHART_ANNOTATION]);
  if (versions.every((version) => version === chartVersion)) {
    return { action: "unchanged", message: `KubeRay's CRDs are those of chart ${chartVersion}` };
  }
  const newer = versions.find((version) => version !== undefined && compareVersions(version, chartVersion) > 0);
  if (newer !== undefined) {
    return {
      action: "newer",
      message: `KubeRay's CRDs are from chart ${newer}, newer than ${chartVersion}, and stay as they are: another operator in this cluster may need them.`,
    };
  }
  const stored = await storedRelease(api, release);
  const crds = crdsOf(stored);
  const own = present.every(
    (meta, index) => versions[index] === undefined && meta !== undefined && isFromInstall(meta, stored),
  );
  if (!own) {
    for (const { name, text } of crds) await applyCrd(api, name, text);
  }
  for (const { name } of crds) await markCrd(api, name, chartVersion);
  return own
    ? { action: "adopted", message: `KubeRay's CRDs were installed by chart ${chartVersion}` }
    : {
        action: "upgraded",
        message: `KubeRay's CRDs were brought to chart ${chartVersion}: ${crds.map(({ name }) => name).join(", ")}`,
      };
}

/** The CRDs inside a chart, one object each. */
export function crdsOf(stored: StoredRelease): { readonly name: string; readonly text: string }[] {
  return stored.chart.files
    .filter((file) => /^crds\/.*\.ya?ml$/.test(file.name))
    .flatMap((file) =>
      Buffer.from(file.data, "base64")
        .toString("utf8")
        .split(/^---\s*$/m),
    )
    .flatMap((text) => {
      // Parsing megabytes of YAML for one name would take seconds.
      const name = /^metadata:\n(?:[ ]+.*\n)*?[ ]{2}name: (\S+)$/m.exec(text)?.[1];
      return name === undefined ? [] : [{ name, text }];
    });
}

async function crdMeta(api: KubeApi, name: string): Promise<Meta | undefined> {
  return (await api.find<{ metadata: Meta }>(paths.crd(name), { accept: METADATA_ONE }))?.metadata;
}

/** Whether Helm made this CRD when it first installed the very chart that is there now. */
function isFromInstall(meta: Meta, stored: StoredRelease): boolean {
  const created = Date.parse(meta.creationTimestamp ?? "");
  return stored.version === 1 && Math.abs(created - Date.parse(stored.info.first_deployed)) < SAME_INSTALL_MILLISECONDS;
}

async function applyCrd(api: KubeApi, name: string, text: string): Promise<void> {
  await api.text(`${paths.crd(name)}?fieldManager=${FIELD_MANAGER}&force=true`, {
    method: "PATCH",
    contentType: "application/apply-patch+yaml",
    rawBody: text,
    accept: METADATA_ONE,
    timeoutSeconds: 120,
  });
}

async function markCrd(api: KubeApi, name: string, chartVersion: string): Promise<void> {
  await api.text(`${paths.crd(name)}?fieldManager=${FIELD_MANAGER}-version`, {
    method: "PATCH",
    contentType: "application/merge-patch+json",
    body: { metadata: { annotations: { [CHART_ANNOTATION]: chartVersion } } },
    accept: METADATA_ONE,
    timeoutSeconds: 60,
  });
}

/** Negative if `a` is older than `b`. A pre-release is older than its release; text that is not a version is oldest. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [parsed(a), parsed(b)];
  if (!left || !right) return Number(left !== null) - Number(right !== null);
  return semver.compare(left, right);
}

/** Helm also takes versions that are short of a number, such as 1.7. */
function parsed(version: string): semver.SemVer | null {
  return semver.parse(version, { loose: true }) ?? semver.coerce(version, { includePrerelease: true });
}
