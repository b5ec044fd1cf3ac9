import { readFileSync, writeFileSync } from "node:fs";
import { generateArgs } from "./args.ts";
import { generateConfigurationDoc } from "./configurationDoc.ts";
import { format } from "./format.ts";
import { generatePulumiYaml } from "./pulumiYaml.ts";

/** The files that are made from the settings, by path; tests compare them with what is committed. */
export function generatedFiles(): Readonly<Record<string, string>> {
  return {
    "components/args.ts": format("components/args.ts", generateArgs()),
    "Pulumi.yaml": generatePulumiYaml(readFileSync("Pulumi.yaml", "utf8")),
    "docs/configuration.md": generateConfigurationDoc(),
  };
}

if (process.argv[1] === import.meta.filename) {
  for (const [path, text] of Object.entries(generatedFiles())) writeFileSync(path, text);
}
