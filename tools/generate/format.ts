import { execFileSync } from "node:child_process";

/** TypeScript as Biome would write it, so that generated files pass the same check as others. */
export function format(path: string, text: string): string {
  return execFileSync(
    process.execPath,
    ["node_modules/@biomejs/biome/bin/biome", "check", "--write", `--stdin-file-path=${path}`],
    {
      input: text,
      encoding: "utf8",
    },
  );
}
