import type { Settings } from "../config/settings.ts";
import { shortHash } from "./hash.ts";
import type { ConfigMap, Volume } from "./kubernetes.ts";
import { labels, SERVICE } from "./names.ts";
import { type SourceFile, toData, toItems } from "./sourceFiles.ts";

/** Where head and workers find the application's code; on PYTHONPATH. */
export const APP_PATH = "/serve_app";

/** Kubernetes refuses objects above 1 MiB; the rest is left for names and metadata. */
const MAX_BYTES = 900 * 1024;

/**
 * The application's code as a ConfigMap named by its content. Changed code is a new name, which is a new pod template,
 * which is a rollout; code never changes under a running replica.
 *
 * @throws when the code has grown beyond what a ConfigMap holds.
 */
export function renderAppConfigMap(
  files: readonly SourceFile[],
  { namespace }: Pick<Settings, "namespace">,
): ConfigMap {
  const bytes = files.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
  if (bytes > MAX_BYTES) {
    throw new Error(
      `serve-app has ${bytes} bytes of code and a ConfigMap holds ${MAX_BYTES}: put it into the image instead`,
    );
  }
  const data = toData(files);
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      name: `${SERVICE}-app-${shortHash(JSON.stringify(data))}`,
      namespace: namespace.name,
      labels: labels("app"),
    },
    immutable: true,
    data,
  };
}

/** The ConfigMap as a volume, each flat key back at its path. */
export function appVolume(configMap: ConfigMap, files: readonly SourceFile[]): Volume {
  return { name: "app", configMap: { name: configMap.metadata.name, items: toItems(files) } };
}

export const appMount = { name: "app", mountPath: APP_PATH, readOnly: true };
