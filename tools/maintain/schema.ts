import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../bootstrap/paths.mjs";
import { pythonEnvironment } from "../python/environment.ts";

/** Write the JSON Schema of the application's settings, which the TypeScript side reads. */
export async function schema(): Promise<number> {
  const python = await pythonEnvironment("cpu");
  const serveApp = join(root, "serve-app");
  writeFileSync(
    join(serveApp, "ocr_app", "settings.schema.json"),
    execFileSync(python, ["-m", "ocr_app.schema"], { cwd: serveApp }),
  );
  return 0;
}
