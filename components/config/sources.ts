import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { SourceFile } from "../specs/appConfigMap.ts";

const serveApp = fileURLToPath(new URL("../../serve-app/", import.meta.url));

/** The application's real files: every Python module of serve-app/ocr_app. */
export function readAppSources(): SourceFile[] {
  return readdirSync(`${serveApp}ocr_app`, { recursive: true, encoding: "utf8" })
    .map((path) => `ocr_app/${path.replaceAll("\\", "/")}`)
    .filter((path) => path.endsWith(".py"))
    .sort()
    .map(readSource);
}

/** The script of the Job that fills the model cache. */
export function readPrefetchScript(): string {
  return readSource("ocr_app/prefetch_model.py").text;
}

function readSource(path: string): SourceFile {
  return { path, text: readFileSync(serveApp + path, "utf8") };
}
