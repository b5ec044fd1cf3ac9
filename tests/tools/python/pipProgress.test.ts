import { equal, match } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../../tools/bootstrap/paths.mjs";
import { countPinned, PipProgress, pipFailure } from "../../../tools/python/pipProgress.ts";

describe("progress of pip", () => {
  it("counts and names what is collected", () => {
    const progress = new PipProgress(93);
    equal(progress.read("Collecting aiohttp==3.14.0 (from -r cpu.lock (line 5))"), "1 of 93: aiohttp 3.14.0");
    equal(
      progress.read("  Downloading aiohttp-3.14.0-cp311-cp311-manylinux_2_17_x86_64.whl (1.8 MB)"),
      "1 of 93: aiohttp 3.14.0 (1.8 MB)",
    );
    equal(
      progress
        .read("  Using cached ray-2.60.0-cp311-cp311-manylinux2014_x86_64.whl.metadata (21 kB)")
        .endsWith("(21 kB)"),
      true,
    );
    equal(progress.read("Installing collected packages: ray"), "unpacking");
  });

  it("reads the total from the lock file", () => {
    const lock = readFileSync(join(root, "serve-app/requirements/cpu.lock"), "utf8");
    equal(countPinned(lock) > 50, true);
    equal(countPinned("# ray==1\nray==2.60.0 \\\n    --hash=sha256:00\nnumpy==2 ; python_version < '3.11'"), 2);
  });
});

describe("failures of pip", () => {
  const cases: Record<string, RegExp> = {
    "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.": /hash differs/,
    "Failed to establish a new connection: [Errno -3] Temporary failure in name resolution":
      /needs the network; set a proxy/,
    "SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]'))": /PIP_CERT=FILE/,
    "OSError('Tunnel connection failed: 407 Proxy Authentication Required')": /wants a password/,
    "OSError: [Errno 28] No space left on device": /disk is full/,
    "ERROR: No matching distribution found for ray==2.60.0": /no build for Python 3\.14\.0/,
    "ERROR: Could not find a version (from versions: none)\nERROR: No matching distribution found for ray==2.60.0":
      /no build for .*cannot be reached: check HTTPS_PROXY/,
    "something else": /could not install/,
  };
  for (const [output, expected] of Object.entries(cases)) {
    it(`explains "${output.slice(0, 40)}…"`, () => match(pipFailure(output, "3.14.0"), expected));
  }
});
