import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import process from "node:process";
import { lastLines, runChild } from "./childProcess.mjs";
import { withLock } from "./lock.mjs";
import { cacheDir, logDir, root } from "./paths.mjs";
import { phase } from "./phase.mjs";
import { UserError } from "./userError.mjs";

/**
 * @typedef {object} LockedPackage
 * @property {string} [version]
 * @property {boolean} [dev]
 * @property {boolean} [optional]
 * @property {boolean} [devOptional]
 * @property {boolean} [link]
 *
 * @typedef {{ packages?: Record<string, LockedPackage> }} PackageLock
 */

/**
 * Install the Node packages of package-lock.json, unless they are there in these versions.
 * @param {{ dev: boolean }} needed whether the development packages are needed too
 */
export async function installNodePackages(needed) {
  if (upToDate(needed)) return;
  await withLock(
    join(cacheDir, "locks", "node-packages"),
    async () => {
      if (upToDate(needed)) return;
      await phase("Node packages (once, about 400 MB)", npmCi);
    },
    (owner) => process.stderr.write(`  Process ${owner} is installing the Node packages. Waiting for it.\n`),
  );
}

/**
 * What differs between package-lock.json and the packages that npm recorded as installed; npm writes that record last,
 * so that an installation that was cut short is seen.
 *
 * @param {PackageLock} wanted package-lock.json
 * @param {PackageLock | undefined} installed node_modules/.package-lock.json
 * @param {{ dev: boolean }} [needed] whether the development packages are needed too; they are by default
 * @returns {string | undefined} the first package that is missing or of another version
 */
export function missingPackage(wanted, installed, needed = { dev: true }) {
  for (const [path, entry] of Object.entries(wanted.packages ?? {})) {
    if (path === "" || entry.optional || entry.devOptional || entry.link || (entry.dev && !needed.dev)) continue;
    if (installed?.packages?.[path]?.version !== entry.version) return path;
  }
  return undefined;
}

/** @param {{ dev: boolean }} needed */
function upToDate(needed) {
  const wanted = readJson(join(root, "package-lock.json"));
  if (!wanted)
    throw new UserError("package-lock.json is missing or not valid JSON. Restore it: git checkout package-lock.json");
  return missingPackage(wanted, readJson(join(root, "node_modules", ".package-lock.json")), needed) === undefined;
}

/**
 * `npm ci` without install scripts: nothing here needs one (Pulumi fetches its plugins itself when it runs).
 * @param {(text: string) => void} detail
 */
async function npmCi(detail) {
  detail("npm ci");
  const log = join(logDir, "npm.log");
  const [command, ...prefix] = npmCommand(process.env.npm_execpath);
  const { code, started, output } = await runChild(
    command,
    [...prefix, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
    { log },
  );
  if (!started) {
    throw new UserError(
      "npm is missing. It comes with Node (https://nodejs.org); on Debian and Ubuntu: apt install npm",
    );
  }
  if (code !== 0) throw new UserError(npmFailure(output, log));
}

/**
 * How npm is called. Under `npm run`, npm names its own program in `npm_execpath`, which also works if npm is not on
 * the PATH.
 *
 * @param {string | undefined} npmExecPath
 * @returns {[string, ...string[]]}
 */
export function npmCommand(npmExecPath) {
  return npmExecPath && basename(npmExecPath).startsWith("npm-cli") ? [process.execPath, npmExecPath] : ["npm"];
}

/**
 * @param {string} output
 * @param {string} log
 */
export function npmFailure(output, log) {
  const offline = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH/.test(output);
  const full = /ENOSPC/.test(output);
  const reason = offline
    ? "Cannot reach the npm registry. The first run needs the network, once; set a proxy or a mirror with `npm config`."
    : full
      ? "The disk is full. Free some space: everything together needs about 1.5 GB."
      : "npm could not install the Node packages.";
  return `${reason}\n${lastLines(output, 12)}\nFull log: ${log}`;
}

/**
 * @param {string} path
 * @returns {PackageLock | undefined}
 */
function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}
