import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Logs, locks and other files that may be deleted at any time. */
export const cacheDir = join(root, ".cache");
export const logDir = join(cacheDir, "logs");
