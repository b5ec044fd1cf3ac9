import type { EnvVar } from "./kubernetes.ts";

/** Lock file of the PDF libraries, which the head's init container installs; see pdfLibraries.ts. */
export const PDF_LOCK = "requirements/pdf.lock";

/** One source file: its path below serve-app/, with forward slashes, and its text. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** Files as the data of a ConfigMap, sorted by path, so that equal files give equal text. */
export function toData(files: readonly SourceFile[]): Record<string, string> {
  return Object.fromEntries(sorted(files).map(({ path, text }) => [keyOf(path), text]));
}

/** What puts each key of {@link toData} back at its path in a volume. */
export function toItems(files: readonly SourceFile[]): { key: string; path: string }[] {
  return sorted(files).map(({ path }) => ({ key: keyOf(path), path }));
}

/** Environment in which Python finds modules that are mounted read-only at `mountPath`. */
export function pythonPath(mountPath: string): EnvVar[] {
  return [
    { name: "PYTHONPATH", value: mountPath },
    // Without this Python tries to write caches beside the modules.
    { name: "PYTHONDONTWRITEBYTECODE", value: "1" },
  ];
}

function sorted(files: readonly SourceFile[]): SourceFile[] {
  return [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Keys are of letters, digits, -, _ and dots: ocr_app/api/errors.py becomes ocr_app.api.errors.py. */
function keyOf(path: string): string {
  return path.replaceAll(/[^-._a-zA-Z0-9]/g, ".");
}
