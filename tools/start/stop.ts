const PARENT_CHECK_MS = 500;

/**
 * Resolves when this process should stop: Ctrl-C, SIGTERM, a terminal that was closed, or an npm that died.
 *
 * A second signal changes nothing: stopping is under way and takes seconds.
 */
export function onStop(env: NodeJS.ProcessEnv = process.env): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => resolve());
    // Writing to a terminal that is gone must not end the process before it has cleared up.
    for (const stream of [process.stdout, process.stderr]) stream.on("error", () => resolve());
    if (!env.npm_lifecycle_event) return;
    // npm and its shell do not always hand on a signal; without them nobody could stop this any more.
    const parent = process.ppid;
    const timer = setInterval(() => {
      if (process.ppid !== parent) resolve();
    }, PARENT_CHECK_MS);
    timer.unref();
  });
}
