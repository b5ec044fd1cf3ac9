#!/usr/bin/env node
// The entry of every npm script: plain JavaScript that old versions of Node can read too, because nothing is installed
// when it starts. It checks Node, installs the Node packages once and hands over to main.ts. Progress goes to standard
// error: standard output belongs to the command.
import process from "node:process";

const oldest = "20.19";
if (!isAtLeast(process.versions.node, oldest)) {
  fail(
    `Node ${process.versions.node} is too old: this needs ${oldest} or newer.\n` +
      "Install the current LTS from https://nodejs.org (or: nvm install --lts), then run the same command again.",
  );
}
if (process.platform === "win32") {
  fail("Windows is not supported directly. Use WSL 2: https://learn.microsoft.com/windows/wsl/install");
}

const args = process.argv.slice(2);
try {
  const { installNodePackages } = await import("./bootstrap/nodePackages.mjs");
  // A deploy also works from an installation without development packages, such as an image for CI.
  await installNodePackages({ dev: args[0] !== "deploy" });
  await import("../components/tsx.mjs"); // from here on, Node reads TypeScript
  const { main } = await import("./main.ts");
  const code = await main(args);
  // A pipe may not have taken everything yet, and exit() would drop the rest.
  for (const stream of [process.stdout, process.stderr]) await new Promise((done) => stream.write("", done));
  process.exit(code);
} catch (error) {
  // Errors meant for people carry their whole message; anything else is a defect here and keeps its stack.
  fail(await explain(error));
}

/** @param {unknown} error */
async function explain(error) {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "UserError") return error.message;
  const { fileProblem } = await import("./bootstrap/fileError.mjs");
  const { damageProblem } = await import("./bootstrap/nodeDamage.mjs");
  return fileProblem(error) ?? damageProblem(error) ?? error.stack ?? error.message;
}

/**
 * @param {string} version
 * @param {string} wanted major.minor
 */
function isAtLeast(version, wanted) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = wanted.split(".").map(Number);
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}

/** @param {string} message */
function fail(message) {
  process.stderr.write(`\n${message}\n`);
  process.exit(1);
}
