/** What pip is at, from the lines it prints; a person follows one line instead of three hundred. */
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

/** Why pip failed, in words that say what to do. */
export function pipFailure(output: string, python: string): string {
  if (/HASHES FROM THE REQUIREMENTS FILE|DO NOT MATCH THE HASHES/i.test(output)) {
    return "A downloaded package is not the one that was locked (its hash differs). Something between here and the package index changes files; nothing was installed.";
  }
  if (
    /name resolution|Name or service not known|Connection refused|Network is unreachable|timed out|ProxyError|nodename nor servname/i.test(
      output,
    )
  ) {
    return "There is no way to the Python package index. The first start needs the network, once; pip reads a proxy from HTTPS_PROXY and a mirror from PIP_INDEX_URL.";
  }
  if (/No space left on device/i.test(output)) return "The disk is full: about 1.5 GB are needed for everything.";
  if (/No matching distribution found|is not a supported wheel/i.test(output)) {
    return `A package has no build for Python ${python} on this machine (${process.platform} ${process.arch}). OCR_PYTHON names another Python; 3.10 to 3.14 on Linux x86-64 or arm64 and on macOS arm64 are known.`;
  }
  return "pip could not install the Python packages.";
}
