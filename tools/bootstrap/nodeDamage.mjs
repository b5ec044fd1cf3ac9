import { rmSync } from "node:fs";
import { join } from "node:path";
import { root } from "./paths.mjs";

/**
 * Whether an error means that a file of an installed Node package is damaged or missing. If so, the packages are
 * marked, so that the next command installs them again.
 *
 * @param {Error} error
 * @returns {string | undefined} what to do; undefined for every other error
 */
export function damageProblem(error) {
  const code = /** @type {NodeJS.ErrnoException} */ (error).code ?? "";
  const text = `${error.message}\n${error.stack ?? ""}`;
  const unreadable =
    error instanceof SyntaxError || /MODULE_NOT_FOUND|INVALID_PACKAGE_CONFIG|PATH_NOT_EXPORTED/.test(code);
  if (!unreadable || !text.includes(join(root, "node_modules"))) return undefined;
  try {
    rmSync(join(root, "node_modules", ".package-lock.json"), { force: true });
  } catch {
    return `A Node package is damaged: ${error.message}\nInstall them again: npm ci`;
  }
  return `A Node package is damaged: ${error.message}\nRun the same command again: it installs the packages again.`;
}
