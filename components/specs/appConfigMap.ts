import type { Settings } from "../config/settings.ts";
import { shortHash } from "./hash.ts";
import type { ConfigMap, Volume } from "./kubernetes.ts";
import { labels, SERVICE } from "./names.ts";

/** Where head and workers find the application's code; on PYTHONPATH. */
export const APP_PATH = "/serve_app";

/** One source file: its path below serve-app/, with forward slashes, and its text. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

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
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  const bytes = sorted.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
  if (bytes > MAX_BYTES) {
    throw new Error(
      `serve-app has ${bytes} bytes of code and a ConfigMap holds ${MAX_BYTES}: put it into the image instead`,
    );
  }
  const data = Object.fromEntries(sorted.map(({ path, text }) => [keyOf(path), text]));
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
  const items = files.map(({ path }) => ({ key: keyOf(path), path })).sort((a, b) => (a.path < b.path ? -1 : 1));
  return { name: "app", configMap: { name: configMap.metadata.name, items } };
}

export const appMount = { name: "app", mountPath: APP_PATH, readOnly: true };

/** Keys may hold no slash: ocr_app/api/errors.py becomes ocr_app.api.errors.py. */
function keyOf(path: string): string {
  return path.replaceAll("/", ".");
}
