import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { runChild } from "../bootstrap/childProcess.mjs";
import { serveApp } from "../bootstrap/paths.mjs";
import { pythonEnvironment } from "../python/environment.ts";

/**
 * Write the JSON Schema of the application's settings, which the TypeScript side reads. First half of
 * `npm run generate`; returns the exit code.
 */
export async function schema(): Promise<number> {
  const python = await pythonEnvironment("cpu");
  const { code, stdout, output } = await runChild(python, ["-m", "ocr_app.schema"], { cwd: serveApp });
  if (code === 0) writeFileSync(join(serveApp, "ocr_app", "settings.schema.json"), stdout);
  else console.error(output);
  return code;
}
