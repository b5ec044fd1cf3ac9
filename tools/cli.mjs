#!/usr/bin/env node
// The entry of `npm start`, `npm test` and the other commands: plain JavaScript that old Nodes read too, because before
// this nothing is installed. It checks Node, installs the Node packages once and hands over to main.ts.
import process from "node:process";

const oldest = "20.19";
if (!isAtLeast(process.versions.node, oldest)) {
  fail(
    `Node ${process.versions.node} is too old: this needs ${oldest} or newer.\n` +
      "Install the current LTS from https://nodejs.org (or: nvm install --lts), then run the same command again.",
  );
}
if (process.platform === "win32") {
  fail("Windows is not supported as it is: run this inside WSL 2 (https://learn.microsoft.com/windows/wsl/install).");
}

try {
  const { installNodePackages } = await import("./bootstrap/nodePackages.mjs");
  await installNodePackages();
  const { register } = await import("tsx/esm/api");
  register();
  const { main } = await import("./main.ts");
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  // Errors meant for people carry their whole message; anything else is a defect here and keeps its stack.
  if (!(error instanceof Error)) fail(String(error));
  else fail(error.name === "UserError" ? error.message : (error.stack ?? error.message));
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
