/** What uv is doing, from the lines that it prints; small packages pass without one. */
export class UvProgress {
  /** Packages being downloaded or built, with their sizes as uv writes them. */
  readonly #underWay = new Map<string, string>();
  #started = 0;
  #total = "";
  #unpacking = false;

  /** Take one line of uv's output; returns what to show now. */
  read(line: string): string {
    const resolved = /^Resolved (\d+) packages?/.exec(line);
    const begun = /^\s*(?:Downloading|Building) (\S+)(?: (\(.*\)))?/.exec(line);
    const done = /^\s*(?:Downloaded|Built) (\S+)/.exec(line);
    if (resolved) this.#total = `${resolved[1]} packages`;
    else if (begun?.[1]) {
      this.#started += 1;
      this.#underWay.set(begun[1], begun[2] ?? "");
    } else if (done?.[1]) this.#underWay.delete(done[1]);
    else if (line.startsWith("Prepared")) this.#unpacking = true;
    return this.#show();
  }

  #show(): string {
    if (this.#unpacking) return `${this.#total}, unpacking`;
    const [next] = this.#underWay;
    if (!next) return this.#total;
    const done = this.#started - this.#underWay.size;
    return `${this.#total}, ${done} of ${this.#started} large ones done: ${next.join(" ").trimEnd()}`;
  }
}
