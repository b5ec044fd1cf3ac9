import type { Settings } from "../config/settings.ts";

/** A Helm release, as plain data. */
export interface HelmRelease {
  readonly name: string;
  readonly namespace: string;
  readonly chart: string;
  readonly version?: string;
  readonly repository?: string;
  readonly skipCrds: boolean;
  readonly values: Readonly<Record<string, unknown>>;
}

type Chart = Settings["kuberay"]["chart"];

/** Where a chart comes from: repository and name, an oci:// reference, or a path. */
export function chartSource({
  repository,
  name,
  version,
}: Chart): Pick<HelmRelease, "chart" | "version" | "repository"> {
  if (isPath(name)) return { chart: name };
  const pinned = version ? { version } : {};
  return name.startsWith("oci://") ? { chart: name, ...pinned } : { chart: name, repository, ...pinned };
}

function isPath(name: string): boolean {
  return /^(\.{1,2}\/|\/|~\/)/.test(name) || name.endsWith(".tgz");
}
