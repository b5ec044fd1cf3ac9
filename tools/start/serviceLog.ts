import { join } from "node:path";
import { logDir } from "../bootstrap/paths.mjs";
import { Follower } from "./follower.ts";
import { type Keep, RotatingFile, removeOld } from "./rotatingFile.ts";

/** Of each port, the log of this start and of the last few; at most 60 MB a port. */
export const KEEP: Keep = { bytes: 10 * 2 ** 20, files: 5, days: 14 };

const FOLLOW_MS = 500;
const SHOWN_LINES = 12;

/** The one log of a running service: what its processes write, gathered while they run and once more when they have ended. */
export class ServiceLog {
  readonly #file: RotatingFile;
  readonly #follower: Follower;
  readonly #timer: NodeJS.Timeout;
  #lastLines: string[] = [];

  /**
   * @param directory of the instance, where its processes write.
   * @param folder for the log; `.cache/logs` by default.
   */
  constructor(port: number, directory: string, folder: string = logDir) {
    this.#file = new RotatingFile(join(folder, `service-${port}.log`), KEEP);
    removeOld(folder, /^service-\d+(\.\d+)?\.log$/, KEEP.days);
    this.#follower = new Follower(directory);
    this.#timer = setInterval(() => this.gather(), FOLLOW_MS);
    this.#timer.unref();
  }

  /** Its path, to be named in messages. */
  get path(): string {
    return this.#file.path;
  }

  /** Add a line of npm start's own. */
  say(text: string): void {
    this.#write([`${new Date().toISOString()} npm start: ${text}`]);
  }

  /** Add what has been written since the last time. */
  gather(options?: { last: boolean }): void {
    try {
      this.#write(this.#follower.read(options));
    } catch {
      // A file went away between two looks at it.
    }
  }

  /** The last lines of what has been written so far. */
  lastLines(): string {
    this.gather();
    return this.#lastLines.join("\n");
  }

  /** Add what is left; before the instance's directory is removed. */
  close(): void {
    clearInterval(this.#timer);
    this.gather({ last: true });
    this.#follower.close();
    this.#file.close();
  }

  #write(lines: readonly string[]): void {
    if (lines.length === 0) return;
    try {
      this.#file.write(`${lines.join("\n")}\n`);
    } catch {
      // A full disk must not end a service that works.
    }
    this.#lastLines = [...this.#lastLines, ...lines].slice(-SHOWN_LINES);
  }
}
