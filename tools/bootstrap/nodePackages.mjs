import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import process from "node:process";
import { withLock } from "./lock.mjs";
import { cacheDir, logDir, root } from "./paths.mjs";
import { phase } from "./phase.mjs";
import { UserError } from "./userError.mjs";

/**
 * @typedef {{ version?: string, optional?: boolean, devOptional?: boolean, link?: boolean }} LockedPackage
 * @typedef {{ packages?: Record<string, LockedPackage> }} PackageLock
 */

/** Install the Node packages that package-lock.json names, where they are missing or others. */
export async function installNodePackages() {
  if (upToDate()) return;
  await withLock(
    join(cacheDir, "locks", "node-packages"),
    async () => {
      if (upToDate()) return;
      await phase("Node packages (once, about 400 MB)", npmCi);
    },
    (owner) => process.stderr.write(`  Process ${owner} is installing the Node packages; waiting for it.\n`),
  );
}

/**
 * What differs between package-lock.json and the packages that npm recorded as installed; npm writes that record last,
 * so that an installation that was cut short is seen.
 *
 * @param {PackageLock} wanted package-lock.json
 * @param {PackageLock | undefined} installed node_modules/.package-lock.json
 * @returns {string | undefined} the first package that is missing or of another version
 */
export function missingPackage(wanted, installed) {
  for (const [path, entry] of Object.entries(wanted.packages ?? {})) {
    if (path === "" || entry.optional || entry.devOptional || entry.link) continue;
    if (installed?.packages?.[path]?.version !== entry.version) return path;
  }
  return undefined;
}

function upToDate() {
  const wanted = readJson(join(root, "package-lock.json"));
  if (!wanted)
    throw new UserError("package-lock.json is missing or broken; restore it: git checkout package-lock.json");
  return missingPackage(wanted, readJson(join(root, "node_modules", ".package-lock.json"))) === undefined;
}

/**
 * `npm ci` without install scripts: nothing here needs one (Pulumi fetches its plugins itself when it runs).
 * @param {(text: string) => void} detail
 */
async function npmCi(detail) {
  mkdirSync(logDir, { recursive: true });
  detail("npm ci");
  const { code, output } = await runNpm(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
  const log = join(logDir, "npm.log");
  writeFileSync(log, output);
  if (code !== 0) throw new UserError(npmFailure(output, log));
}

/**
 * @param {string[]} args
 * @returns {Promise<{ code: number | null, output: string }>}
 */
function runNpm(args) {
  // Under `npm run`, npm says where it is itself; that also works where it is not on the PATH.
  const own = process.env.npm_execpath;
  const [command, prefix] =
    own && basename(own).startsWith("npm-cli") ? [process.execPath, [own]] : [/** @type {string} */ ("npm"), []];
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...prefix, ...args], { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (chunk) => {
      output += chunk;
    });
    child.stderr.on("data", (chunk) => {
      output += chunk;
    });
    child.on("error", () =>
      reject(
        new UserError("npm is missing. It comes with Node (https://nodejs.org); on Debian and Ubuntu: apt install npm"),
      ),
    );
    child.on("close", (code) => resolve({ code, output }));
  });
}

/**
 * @param {string} output
 * @param {string} log
 */
function npmFailure(output, log) {
  const offline = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH/.test(output);
  const full = /ENOSPC/.test(output);
  const reason = offline
    ? "There is no way to the npm registry. The first start needs the network, once; a proxy or mirror is set with npm config."
    : full
      ? "The disk is full: about 1.5 GB are needed for everything."
      : "npm could not install the Node packages.";
  return `${reason}\n${output.trim().split("\n").slice(-12).join("\n")}\nAll of it: ${log}`;
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
