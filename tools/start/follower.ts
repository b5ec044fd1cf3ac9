import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync, truncateSync } from "node:fs";
import { basename, join } from "node:path";
import { StringDecoder } from "node:string_decoder";

const CHUNK_BYTES = 64 * 1024;
/** Size in bytes at which a file that has been read is emptied, so that it does not fill the disk. */
const EMPTY_AT_BYTES = 16 * 2 ** 20;

/** Markers that Ray writes for its own copier of logs, and its figures about itself. */
const marker = /^:(job_id|actor_name|task_name):|^\s*\[state-dump\]/;
/** What Serve says about a question of health or metrics that went well. */
const routine = / GET \/(health|metrics) 200 /;
/** Entries of Ray's C++ programs that are warnings or worse, and any of their entries. */
const notable = /^\[[^\]]+ [WECF] \d/;
const entry = /^\[/;

/**
 * Reads what the processes of a service write, each into a file of its own, as it comes: Ray's copier of logs does the
 * same for a cluster and costs more.
 */
export class Follower {
  readonly #directory: string;
  readonly #files = new Map<string, Source>();

  /** @param directory of an instance: `runner.log`, and Ray's logs below `ray*`. */
  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Lines that have been completed since the last call; the rest too if it is the last call. */
  read({ last = false } = {}): string[] {
    const lines: string[] = [];
    for (const path of logFiles(this.#directory)) {
      let source = this.#files.get(path);
      if (!source) {
        source = Source.open(path);
        if (!source) continue;
        this.#files.set(path, source);
      }
      lines.push(...source.read(last));
    }
    return lines;
  }

  close(): void {
    for (const source of this.#files.values()) source.close();
    this.#files.clear();
  }
}

/** One file that grows; it may be renamed and begun again meanwhile. */
class Source {
  readonly #path: string;
  readonly #onlyNotable: boolean;
  #decoder = new StringDecoder("utf8");
  #fd: number;
  #position = 0;
  #rest = "";
  #shown = false;

  private constructor(path: string, fd: number) {
    this.#path = path;
    this.#fd = fd;
    this.#onlyNotable = /^(raylet|gcs_server)\.out$/.test(basename(path));
  }

  static open(path: string): Source | undefined {
    try {
      return new Source(path, openSync(path, "r"));
    } catch {
      return undefined; // gone again
    }
  }

  read(last: boolean): string[] {
    const lines = this.#toEnd();
    const now = statSync(this.#path, { throwIfNoEntry: false });
    const renamed = now !== undefined && now.ino !== fstatSync(this.#fd).ino;
    if (renamed) {
      const fd = openSync(this.#path, "r");
      closeSync(this.#fd);
      this.#fd = fd;
      this.#position = 0;
      lines.push(...this.#toEnd());
    } else if (this.#position > EMPTY_AT_BYTES) {
      truncateSync(this.#path); // its writers append
      this.#position = 0;
    }
    if (last && this.#rest) {
      lines.push(this.#rest);
      this.#rest = "";
    }
    return lines.filter((line) => this.#isWanted(line));
  }

  close(): void {
    closeSync(this.#fd);
  }

  #toEnd(): string[] {
    const chunk = Buffer.alloc(CHUNK_BYTES);
    const lines: string[] = [];
    for (let count = this.#next(chunk); count > 0; count = this.#next(chunk)) {
      const parts = (this.#rest + this.#decoder.write(chunk.subarray(0, count))).split("\n");
      this.#rest = parts.pop() ?? "";
      lines.push(...parts);
    }
    return lines;
  }

  #next(chunk: Buffer): number {
    const count = readSync(this.#fd, chunk, 0, chunk.length, this.#position);
    this.#position += count;
    return count;
  }

  #isWanted(line: string): boolean {
    if (line === "" || marker.test(line) || routine.test(`${line} `)) return false;
    if (!this.#onlyNotable) return true;
    if (entry.test(line)) this.#shown = notable.test(line);
    return this.#shown; // the lines of a stack belong to the entry above them
  }
}

/** Files that hold what a person wants to read, such as requests, tracebacks and the last words of Ray's programs. */
function logFiles(directory: string): string[] {
  const sessions = entries(directory, /^ray\d/).flatMap((ray) => entries(ray, /^session_\d/));
  return [
    join(directory, "runner.log"),
    ...sessions.flatMap((session) =>
      entries(join(session, "logs"), /^(worker-.*\.(err|out)|(raylet|gcs_server)\.(err|out)|\w+_agent\.err)$/),
    ),
  ];
}

function entries(folder: string, pattern: RegExp): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => pattern.test(name))
      .sort()
      .map((name) => join(folder, name));
  } catch {
    return []; // not there yet
  }
}
