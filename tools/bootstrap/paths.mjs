import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** The Python application; its modules are run from here. */
export const serveApp = join(root, "serve-app");

/** Logs, locks and what is installed. May be deleted while nothing runs: the next command makes it again. */
export const cacheDir = join(root, ".cache");
export const logDir = join(cacheDir, "logs");

/**
 * The program of an installed Node package.
 * @param {string} name such as "mocha"
 */
export const nodeBin = (name) => join(root, "node_modules", ".bin", name);
