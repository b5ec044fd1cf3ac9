import type { Settings } from "../config/settings.ts";
import { APP_PATH } from "./appConfigMaps.ts";
import type { Container, EnvVar, PodSpec, Volume } from "./kubernetes.ts";
import { secretRef } from "./names.ts";
import { guaranteed, insideClusterEnv, type PodSettings, rayContainer } from "./pod.ts";
import { PDF_LOCK } from "./sourceFiles.ts";

export type PdfLibrarySettings = PodSettings &
  Pick<Settings, "pdfLibraries"> & {
    /** Whether the stack makes the Secret of `packageIndex`. */
    readonly packageIndexSecret: boolean;
  };

/** Name of the init container, by which messages about pods know it. */
export const PDF_LIBRARIES = "pdf-libraries";

const VOLUME_PATH = "/pdf-libraries";
const PACKAGES_PATH = `${VOLUME_PATH}/packages`;

/** Parts of the head's pod and of its Ray container. */
interface PdfLibraries {
  readonly pod: Pick<PodSpec, "initContainers">;
  readonly volumes: readonly Volume[];
  readonly env: readonly EnvVar[];
  readonly volumeMounts: Container["volumeMounts"];
}

const nothing: PdfLibraries = { pod: {}, volumes: [], env: [], volumeMounts: [] };

/**
 * Installs the PDF libraries before the head starts, into a folder that the application puts at the end of Python's path
 * (serve-app/ocr_app/__init__.py). Not PYTHONPATH: what is on it comes before the packages of the image.
 *
 * The folder lasts as long as the pod. The model cache would keep it, but lies where the workers are, and the CPU engine
 * has none.
 */
export function renderPdfLibraries(
  settings: PdfLibrarySettings,
  image: Pick<Container, "image">,
  app: Container["volumeMounts"][number],
): PdfLibraries {
  const { install } = settings.pdfLibraries;
  if (install === "never") return nothing;
  const container: Container = {
    name: PDF_LIBRARIES,
    ...rayContainer(settings),
    ...image,
    command: install === "required" ? pip : orWithout(pip),
    env: [
      ...packageIndex(settings),
      // Beside the packages, so that finished ones only have to be renamed, and no other folder is written.
      { name: "TMPDIR", value: VOLUME_PATH },
      ...insideClusterEnv(),
    ],
    resources: guaranteed({ cpu: "1", memory: "512Mi" }),
    volumeMounts: [app, { name: PDF_LIBRARIES, mountPath: VOLUME_PATH }],
  };
  return {
    pod: { initContainers: [container] },
    volumes: [{ name: PDF_LIBRARIES, emptyDir: { sizeLimit: "256Mi" } }],
    env: [{ name: "OCR_EXTRA_PACKAGES", value: PACKAGES_PATH }],
    volumeMounts: [{ name: PDF_LIBRARIES, mountPath: VOLUME_PATH, readOnly: true }],
  };
}

const pip = [
  ...["python", "-m", "pip", "install", "--require-hashes", "--only-binary=:all:", "--no-deps"],
  // A container that starts again in the same pod replaces what is there: pip would skip it.
  ...["--target", PACKAGES_PATH, "--upgrade"],
  ...["--no-cache-dir", "--no-input", "--disable-pip-version-check", "--progress-bar=off"],
  ...["--requirement", `${APP_PATH}/${PDF_LOCK}`],
];

/** A command that counts as done even if it fails. */
function orWithout(command: readonly string[]): string[] {
  const script = '"$@" || echo "The PDF libraries are not installed: PDFs are answered 501." >&2';
  return ["sh", "-c", script, "sh", ...command];
}

function packageIndex(settings: PdfLibrarySettings): EnvVar[] {
  const { index } = settings.pdfLibraries;
  if (settings.packageIndexSecret) {
    return [{ name: "PIP_INDEX_URL", valueFrom: { secretKeyRef: secretRef("packageIndex", settings) } }];
  }
  if (index === undefined) return [];
  const { protocol, host } = new URL(index);
  return [
    { name: "PIP_INDEX_URL", value: index },
    // pip leaves out an index without TLS unless its host is named. The hashes are checked all the same.
    ...(protocol === "http:" ? [{ name: "PIP_TRUSTED_HOST", value: host }] : []),
  ];
}
