/** What pip is doing, from the lines that it prints: one line to follow instead of three hundred. */
export class PipProgress {
  #collected = 0;
  #latest = "";
  readonly #total: number;

  /** @param total packages in the lock file; some are for other platforms, so it is an upper bound. */
  constructor(total: number) {
    this.#total = total;
  }

  /** Take one line of pip's output; returns what to show now. */
  read(line: string): string {
    const collecting = /^Collecting ([^\s=;]+)==([^\s;]+)/.exec(line);
    const download = /^\s+(?:Downloading|Using cached) \S*?\/?([\w.]+?)-[^/]* \(([\d.]+ [kMG]B)\)/.exec(line);
    if (collecting) {
      this.#collected += 1;
      this.#latest = `${this.#collected} of ${Math.max(this.#total, this.#collected)}: ${collecting[1]} ${collecting[2]}`;
    } else if (download) {
      this.#latest = `${this.#latest.replace(/ \(.*\)$/, "")} (${download[2]})`;
    } else if (line.startsWith("Installing collected packages")) {
      this.#latest = "unpacking";
    }
    return this.#latest;
  }
}

/** How many packages a requirements file with hashes pins. */
export function countPinned(requirements: string): number {
  return requirements.split("\n").filter((line) => /^[A-Za-z0-9][\w.-]*==/.test(line)).length;
}

/** Why pip failed, and what to do about it. */
export function pipFailure(output: string, python: string): string {
  if (/HASHES FROM THE REQUIREMENTS FILE|DO NOT MATCH THE HASHES/i.test(output)) {
    return "A downloaded package is not the one that the lock file names (its hash differs), so nothing was installed. Check the proxy or mirror between this machine and the package index.";
  }
  if (
    /name resolution|Name or service not known|Connection refused|Network is unreachable|timed out|ProxyError|nodename nor servname/i.test(
      output,
    )
  ) {
    return "Cannot reach the Python package index. An installation needs the network; set a proxy with HTTPS_PROXY and a mirror with PIP_INDEX_URL.";
  }
  if (/CERTIFICATE_VERIFY_FAILED/.test(output)) {
    return "The package index's certificate is not trusted, as behind a proxy that opens connections. Name your company's certificates: PIP_CERT=FILE";
  }
  if (/407 Proxy Authentication|401 Client Error|403 Client Error/i.test(output)) {
    return "The package index or the proxy wants a password. Write it into HTTPS_PROXY or PIP_INDEX_URL: https://NAME:PASSWORD@HOST";
  }
  if (/No space left on device/i.test(output))
    return "The disk is full. Free some space: everything together needs about 1.5 GB.";
  if (/No matching distribution found|is not a supported wheel/i.test(output)) {
    const unreachable = /from versions: none/.test(output) // pip says the same where a mirror or a proxy answers nothing
      ? " Or the package index cannot be reached: check HTTPS_PROXY and PIP_INDEX_URL."
      : "";
    return `A package has no build for Python ${python} on this machine (${process.platform} ${process.arch}). Set OCR_PYTHON to another Python: 3.10 to 3.14 work on Linux (x86-64, arm64) and on macOS (arm64).${unreachable}`;
  }
  return "pip could not install the Python packages.";
}
