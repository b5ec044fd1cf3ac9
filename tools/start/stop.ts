import { whenNpmIsGone } from "../bootstrap/npmGone.mjs";

/**
 * Resolves when this process should stop: on Ctrl-C or SIGTERM, and when the terminal was closed or npm has died. A second
 * signal changes nothing, because stopping takes some seconds.
 */
export function onStop(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => resolve());
    // Writing to a closed terminal must not end the process before it has cleaned up.
    for (const stream of [process.stdout, process.stderr]) stream.on("error", () => resolve());
    whenNpmIsGone(resolve);
  });
}
