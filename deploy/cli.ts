import { fileURLToPath } from "node:url";
import { main } from "./main.ts";

const workDir = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");

main(process.argv.slice(2), {
  workDir,
  environment: process.env,
  print: (text) => void process.stdout.write(text),
  progress: (text) => void process.stderr.write(text),
}).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exitCode = 1;
  },
);
