import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import process from "node:process";
import { lastLines, runChild } from "./childProcess.mjs";
import { ownerOf, withLock } from "./lock.mjs";
import { cacheDir, logDir, root } from "./paths.mjs";
import { phase } from "./phase.mjs";
import { discard, newStage, replaceFolder, stages } from "./staging.mjs";
import { UserError } from "./userError.mjs";

/** Where packages are installed before they become node_modules. */
const area = join(cacheDir, "node-packages");
/** Notes which kind of machine the packages are for; npm's record does not. */
const MACHINE_FILE = ".machine";
const machine = `${process.platform} ${process.arch}`;

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
  const lock = join(cacheDir, "locks", "node-packages");
  // With nothing to install, only what a killed command has left is to be removed, unless another one is at work.
  if (upToDate(needed) && (stages(area).length === 0 || ownerOf(lock) !== undefined)) return;
  await withLock(
    lock,
    async () => {
      if (upToDate(needed)) return stages(area).forEach(discard);
      await phase("Node packages (once, about 400 MB)", install);
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
  return isComplete(join(root, "node_modules"), needed);
}

/**
 * Whether a folder holds every package of package-lock.json, made for this kind of machine.
 *
 * @param {string} folder a node_modules
 * @param {{ dev: boolean }} [needed]
 */
function isComplete(folder, needed) {
  const wanted = readJson(join(root, "package-lock.json"));
  if (!wanted)
    throw new UserError("package-lock.json is missing or not valid JSON. Restore it: git checkout package-lock.json");
  const installed = readJson(join(folder, ".package-lock.json"));
  if (missingPackage(wanted, installed, needed) !== undefined) return false;
  if ((readText(join(folder, MACHINE_FILE)) ?? machine) !== machine) return false;
  // npm's record names packages that someone may have deleted since.
  const paths = Object.keys(installed?.packages ?? {});
  return paths.every((path) => existsSync(join(folder, "..", path, "package.json")));
}

/**
 * Install beside node_modules and then change the two, so that nothing that fails or is interrupted takes away
 * packages that work.
 * @param {(text: string) => void} detail
 */
async function install(detail) {
  const place = join(root, "node_modules");
  for (const old of stages(area)) {
    // A command that was killed just before its end has left a finished one.
    const finished = join(old, "node_modules");
    if (!isComplete(place) && isComplete(finished)) replaceFolder(finished, place, join(old, "replaced"));
    discard(old);
  }
  if (isComplete(place)) return;
  const stage = newStage(area, "new");
  try {
    for (const name of ["package.json", "package-lock.json", ".npmrc"]) {
      if (existsSync(join(root, name))) copyFileSync(join(root, name), join(stage, name));
    }
    await npmCi(detail, stage);
    const finished = join(stage, "node_modules");
    writeFileSync(join(finished, MACHINE_FILE), machine);
    try {
      replaceFolder(finished, place, join(stage, "replaced"));
    } catch (error) {
      // A volume of its own, as some containers mount there, can only be filled where it is.
      if (!["EBUSY", "EXDEV"].includes(/** @type {NodeJS.ErrnoException} */ (error).code ?? "")) throw error;
      await npmCi(detail, root);
    }
  } finally {
    discard(stage);
  }
}

/**
 * `npm ci`; .npmrc says why no install script runs.
 *
 * @param {(text: string) => void} detail
 * @param {string} cwd folder with package.json and package-lock.json
 */
async function npmCi(detail, cwd) {
  detail("npm ci");
  const log = join(logDir, "npm.log");
  const [command, ...prefix] = npmCommand(process.env.npm_execpath);
  const args = [...prefix, "ci", "--no-audit", "--no-fund", "--loglevel=error"];
  const { code, started, output } = await runChild(command, args, { cwd, log, disposable: true });
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

/** What npm prints, and what to do; the first that fits. @type {readonly (readonly [RegExp, string])[]} */
const failures = [
  [/ENOSPC/, "The disk is full. Free some space: everything together needs about 1.5 GB."],
  [
    /E40[17]|407 |Proxy Authentication/,
    "The registry or the proxy wants a password. Set it with `npm config` (https://docs.npmjs.com/cli/using-npm/config).",
  ],
  [
    /SELF_SIGNED_CERT|UNABLE_TO_(GET|VERIFY)|CERT_/,
    "The registry's certificate is not trusted, as behind a proxy that opens connections. Name your company's certificates: npm config set cafile FILE",
  ],
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_SOCKET_TIMEOUT|ENETUNREACH|EHOSTUNREACH/,
    "Cannot reach the npm registry. An installation needs the network; set a proxy or a mirror with `npm config`.",
  ],
  [
    /EACCES|EPERM|EROFS/,
    "npm may not write here or into its cache (npm config get cache). Its message names the file.",
  ],
];

/**
 * @param {string} output
 * @param {string} log
 */
export function npmFailure(output, log) {
  const [, reason] = failures.find(([pattern]) => pattern.test(output)) ?? [];
  const kept = existsSync(join(root, "node_modules"))
    ? "\nnode_modules is as it was; it does not fit package-lock.json."
    : "";
  return `${reason ?? "npm could not install the Node packages."}${kept}\n${lastLines(output, 12)}\nFull log: ${log}`;
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

/** @param {string} path */
function readText(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
