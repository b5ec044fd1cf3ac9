import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { PDF_LOCK, type SourceFile } from "./specs/sourceFiles.ts";

const serveApp = fileURLToPath(new URL("../serve-app/", import.meta.url));

/** Modules that the Job which fills the model cache needs; `prefetch_model` is the one that it runs. */
const PREFETCH_FILES = ["ocr_app/__init__.py", "ocr_app/model_files.py", "ocr_app/prefetch_model.py"];

/** Measured figures that vLLM reads; the application's other JSON files are for the tools. */
const TUNED_KERNELS = "ocr_app/engine/vllm/moe/";

/** The application's real files: every Python module of serve-app/ocr_app, and what was tuned for a GPU. */
export function readAppSources(): SourceFile[] {
  return readdirSync(`${serveApp}ocr_app`, { recursive: true, encoding: "utf8" })
    .map((path) => `ocr_app/${path.replaceAll("\\", "/")}`)
    .filter(isAppSource)
    .sort()
    .map(readSource);
}

/** Whether a file below serve-app/ belongs to the running application. */
export function isAppSource(path: string): boolean {
  return path.endsWith(".py") || (path.startsWith(TUNED_KERNELS) && path.endsWith(".json"));
}

/** The PDF libraries with their versions and hashes. */
export function readPdfLock(): SourceFile {
  return readSource(PDF_LOCK);
}

/** The real files of the Job that fills the model cache. */
export function readPrefetchSources(): SourceFile[] {
  return PREFETCH_FILES.map(readSource);
}

function readSource(path: string): SourceFile {
  return { path, text: readFileSync(serveApp + path, "utf8") };
}
