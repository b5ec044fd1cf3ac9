import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { SourceFile } from "./specs/sourceFiles.ts";

const serveApp = fileURLToPath(new URL("../serve-app/", import.meta.url));

/** Modules that the Job which fills the model cache needs; `prefetch_model` is the one that it runs. */
const PREFETCH_FILES = ["ocr_app/__init__.py", "ocr_app/model_files.py", "ocr_app/prefetch_model.py"];

/** The application's real files: every Python module of serve-app/ocr_app. */
export function readAppSources(): SourceFile[] {
  return readdirSync(`${serveApp}ocr_app`, { recursive: true, encoding: "utf8" })
    .map((path) => `ocr_app/${path.replaceAll("\\", "/")}`)
    .filter((path) => path.endsWith(".py"))
    .sort()
    .map(readSource);
}

/** The real files of the Job that fills the model cache. */
export function readPrefetchSources(): SourceFile[] {
  return PREFETCH_FILES.map(readSource);
}

function readSource(path: string): SourceFile {
  return { path, text: readFileSync(serveApp + path, "utf8") };
}
