import {
  chmodSync,
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";

/** How long and how much of a service's logs is kept. */
export interface Keep {
  /** Size in bytes at which a file is set aside. */
  readonly bytes: number;
  /** Files that are kept beside the newest: of earlier starts, or of this one when it has written a lot. */
  readonly files: number;
  /** Age in days after which a file of any port is removed. */
  readonly days: number;
}

/**
 * A text file that only this user can read. What an earlier start wrote is set aside as `name.1.log`, `name.2.log` and
 * so on, the newest first; the same happens when the file has grown large.
 */
export class RotatingFile {
  readonly #keep: Keep;
  #fd: number;
  #size = 0;

  /** @param path of the file; its folder is made if it is missing, and closed to other users. */
  constructor(
    readonly path: string,
    keep: Keep,
  ) {
    this.#keep = keep;
    const folder = dirname(path);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chmodSync(folder, 0o700);
    this.#setAside();
    this.#fd = openSync(path, "a", 0o600);
  }

  write(text: string): void {
    const bytes = Buffer.byteLength(text);
    if (this.#size > 0 && this.#size + bytes > this.#keep.bytes) {
      this.#setAside();
      const full = this.#fd;
      this.#fd = openSync(this.path, "a", 0o600);
      closeSync(full); // last: after a failure, this file is still the one to write to
      this.#size = 0;
    }
    writeSync(this.#fd, text);
    this.#size += bytes;
  }

  close(): void {
    closeSync(this.#fd);
  }

  #setAside(): void {
    for (let age = this.#keep.files; age >= 1; age--) {
      try {
        renameSync(this.#named(age - 1), this.#named(age));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      }
    }
  }

  #named(age: number): string {
    return age === 0 ? this.path : this.path.replace(/(\.\w+)?$/, `.${age}$1`);
  }
}

/** Remove files of a folder that match and that nobody has written to for some days. */
export function removeOld(folder: string, pattern: RegExp, days: number): void {
  const before = Date.now() - days * 86_400_000;
  for (const name of readdirSync(folder).filter((each) => pattern.test(each))) {
    const path = join(folder, name);
    if ((statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? before) < before) rmSync(path, { force: true });
  }
}
