const PARENT_CHECK_MS = 500;

/**
 * Resolves when this process should stop: on Ctrl-C or SIGTERM, and when the terminal was closed or npm has died. A second
 * signal changes nothing, because stopping takes some seconds.
 */
export function onStop(env: NodeJS.ProcessEnv = process.env): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => resolve());
    // Writing to a closed terminal must not end the process before it has cleaned up.
    for (const stream of [process.stdout, process.stderr]) stream.on("error", () => resolve());
    if (!env.npm_lifecycle_event) return;
    // npm and its shell do not always pass a signal on; once they are gone, no one could stop this process.
    const parent = process.ppid;
    const timer = setInterval(() => {
      if (process.ppid !== parent) resolve();
    }, PARENT_CHECK_MS);
    timer.unref();
  });
}
