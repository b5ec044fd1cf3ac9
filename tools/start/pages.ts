import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import { serveApp } from "../bootstrap/paths.mjs";
import { UserError } from "../bootstrap/userError.mjs";
import { type Document, PDF } from "./document.ts";

/** One page as an image file. */
export interface Page {
  readonly bytes: Buffer;
  readonly mime: string;
}

/**
 * The pages of a document, drawn one ahead of the one that is read, so that the first comes early and a long document
 * fills neither memory nor disk.
 */
export class Pages {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #reader: Interface;
  readonly #ended: Promise<number | null>;
  readonly #document: Document;
  readonly #folder: string;
  #errors = "";

  /**
   * Start to draw.
   *
   * @param directory for the files of pages, one or two at a time.
   */
  constructor(python: string, document: Document, directory: string) {
    this.#document = document;
    this.#folder = join(directory, "pages");
    mkdirSync(this.#folder, { recursive: true });
    // Its standard input is a lifeline too: it ends when this process does.
    this.#child = spawn(python, ["-m", "tools.pdf_to_images", document.path, this.#folder, "--ask"], {
      cwd: serveApp,
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.#child.stdin?.on("error", () => {}); // it has ended; its exit code says how
    this.#child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
      this.#errors += chunk;
    });
    this.#ended = new Promise((resolve) => {
      this.#child.once("close", resolve);
      this.#child.once("error", (error) => {
        this.#errors += error.message;
        resolve(null);
      });
    });
    this.#reader = createInterface({ input: this.#child.stdout as NodeJS.ReadableStream });
    this.#lines = this.#reader[Symbol.asyncIterator]();
    this.#ask();
  }

  /**
   * How many pages there are; call it once, before `next`.
   *
   * @throws {UserError} if the document cannot be read, or the service would not take it.
   */
  async count(): Promise<number> {
    return Number(await this.#line());
  }

  /**
   * The next page; call it as often as there are pages.
   *
   * @throws {UserError} if it cannot be drawn.
   */
  async next(): Promise<Page> {
    const file = await this.#line();
    this.#ask();
    const bytes = readFileSync(file);
    rmSync(file);
    return { bytes, mime: this.#document.mime === PDF ? "image/png" : this.#document.mime };
  }

  /** Stop drawing. */
  async close(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#ended;
    this.#reader.close();
  }

  #ask(): void {
    this.#child.stdin?.write("\n");
  }

  async #line(): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (!done) return value;
    await this.#ended;
    throw new UserError(this.#errors.trim().split("\n").at(-1) || `${this.#document.path} cannot be read.`);
  }
}
