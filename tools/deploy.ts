import { main } from "../deploy/main.ts";
import { root } from "./bootstrap/paths.mjs";

/** `npm run deploy -- COMMAND`: the driver in deploy/, on this terminal. Returns the exit code. */
export function deploy(args: readonly string[]): Promise<number> {
  return main(args, {
    workDir: root,
    environment: process.env,
    print: (text) => void process.stdout.write(text),
    progress: (text) => void process.stderr.write(text),
  });
}
