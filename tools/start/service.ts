import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type { ServeConfigV2 } from "../../components/specs/serveConfig.ts";
import { logDir, root } from "../bootstrap/paths.mjs";
import { UserError } from "../bootstrap/userError.mjs";
import { endSession, type Instance } from "./instance.ts";

/** Longest time in milliseconds that a stop may take; then the process is killed. */
const STOP_PATIENCE_MS = 12_000;

interface Event {
  readonly phase?: string;
  readonly ready?: true;
  readonly failed?: string;
}

/** Ray and the application, in a Python process of their own (serve-app/tools/run_local.py). */
export class Service {
  readonly #child: ChildProcess;
  readonly #exited: Promise<void>;
  readonly log: string;

  private constructor(child: ChildProcess, log: string) {
    this.#child = child;
    this.log = log;
    this.#exited = new Promise((resolve) => child.once("exit", () => resolve()));
  }

  /**
   * Start it. Its standard input stays open as a lifeline: when this process dies, however it dies, the service ends.
   * Leading its own session, it does not get the terminal's Ctrl-C, which would reach Ray's processes in any order.
   */
  static spawn(python: string, instance: Instance, config: ServeConfigV2, key: string | undefined): Service {
    mkdirSync(logDir, { recursive: true });
    const configFile = join(instance.directory, "serve.json");
    writeFileSync(configFile, JSON.stringify(config));
    const log = join(logDir, `serve-${instance.port}.log`);
    const output = openSync(log, "w");
    const { OCR_API_KEY: _, ...env } = process.env;
    const child = spawn(python, ["-m", "tools.run_local", "--config", configFile, "--directory", instance.directory], {
      cwd: join(root, "serve-app"),
      env: { ...env, PYTHONUNBUFFERED: "1", ...(key ? { OCR_API_KEY: key } : {}) },
      stdio: ["pipe", output, output, "pipe"],
      detached: true,
    });
    closeSync(output);
    if (child.pid) instance.started(child.pid);
    return new Service(child, log);
  }

  /** Process id of the Python process, which leads the session of everything it starts. */
  get leader(): number {
    return this.#child.pid ?? 0;
  }

  /** Resolve when it can take a request; reject with the reason if it cannot start. */
  ready(onPhase: (phase: string) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      createInterface({ input: this.#child.stdio[3] as Readable }).on("line", (line) => {
        const event = JSON.parse(line) as Event;
        if (event.phase) onPhase(event.phase);
        if (event.ready) resolve();
        if (event.failed)
          reject(new UserError(`The application cannot start:\n${indent(event.failed)}\nLog: ${this.log}`));
      });
      this.#child.once("error", (error) => reject(new UserError(`Python does not start: ${error.message}`)));
      this.#child.once("exit", (code, signal) => reject(new UserError(this.#endedEarly(code, signal))));
    });
  }

  /** Resolve when it has ended, for whatever reason. */
  get exited(): Promise<void> {
    return this.#exited;
  }

  /** End it and everything it started. */
  async stop(): Promise<void> {
    this.#child.stdin?.on("error", () => {}); // it may be gone already
    this.#child.stdin?.end();
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), STOP_PATIENCE_MS);
    if (this.#child.exitCode === null && this.#child.signalCode === null) await this.#exited;
    clearTimeout(timer);
    await endSession(this.#child.pid);
  }

  #endedEarly(code: number | null, signal: NodeJS.Signals | null): string {
    const how = signal ? `was ended by ${signal}` : `ended with code ${code}`;
    const hint = signal === "SIGKILL" ? " (the kernel does that when memory runs out)" : "";
    return `The service ${how}${hint}. The last lines of its log:\n${indent(this.lastLines())}\nLog: ${this.log}`;
  }

  /** The end of its log. */
  lastLines(count = 12): string {
    return readFileSync(this.log, "utf8").trim().split("\n").slice(-count).join("\n");
  }
}

function indent(text: string): string {
  return text.replace(/^/gm, "  ");
}
