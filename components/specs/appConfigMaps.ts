import type { Settings } from "../config/settings.ts";
import { shortHash } from "./hash.ts";
import type { ConfigMap, Volume } from "./kubernetes.ts";
import { labels, SERVICE } from "./names.ts";
import { type SourceFile, toData, toItems } from "./sourceFiles.ts";

/** Where head and workers find the application's code; on PYTHONPATH. */
export const APP_PATH = "/serve_app";

/** Kubernetes refuses objects above 1 MiB; the rest is left for names and metadata. */
const MAX_BYTES = 900 * 1024;

/** The application's code; all of it does not fit into one ConfigMap. */
export interface AppConfigMaps {
  /** What no other part holds. */
  readonly app: ConfigMap;
  /** The engines. */
  readonly engine: ConfigMap;
}

const ENGINES = "ocr_app/engine/";

/**
 * The application's code as ConfigMaps named by all of it. Changed code is new names, which is a new pod template, which
 * is a rollout; code never changes under a running replica.
 *
 * @throws when a part has grown beyond what a ConfigMap holds.
 */
export function renderAppConfigMaps(
  files: readonly SourceFile[],
  { namespace }: Pick<Settings, "namespace">,
): AppConfigMaps {
  const hash = shortHash(JSON.stringify(toData(files)));
  const render = (part: keyof AppConfigMaps): ConfigMap => {
    const held = files.filter((file) => partOf(file) === part);
    const bytes = held.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
    if (bytes > MAX_BYTES) {
      throw new Error(
        `the part ${part} of serve-app has ${bytes} bytes of code and a ConfigMap holds ${MAX_BYTES}: ` +
          "split it in components/specs/appConfigMaps.ts",
      );
    }
    return {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: `${SERVICE}-${part}-${hash}`, namespace: namespace.name, labels: labels(part) },
      immutable: true,
      data: toData(held),
    };
  };
  return { app: render("app"), engine: render("engine") };
}

/** The ConfigMaps as one volume, each flat key back at its path. */
export function appVolume(configMaps: AppConfigMaps, files: readonly SourceFile[]): Volume {
  const source = (part: keyof AppConfigMaps) => ({
    configMap: {
      name: configMaps[part].metadata.name,
      items: toItems(files.filter((file) => partOf(file) === part)),
    },
  });
  return { name: "app", projected: { sources: [source("app"), source("engine")] } };
}

export const appMount = { name: "app", mountPath: APP_PATH, readOnly: true };

function partOf({ path }: SourceFile): keyof AppConfigMaps {
  return path.startsWith(ENGINES) ? "engine" : "app";
}
