import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type { ServeConfigV2 } from "../../components/specs/serveConfig.ts";
import { serveApp } from "../bootstrap/paths.mjs";
import { UserError } from "../bootstrap/userError.mjs";
import { endSession, type Instance } from "./instance.ts";
import { ServiceLog } from "./serviceLog.ts";

/** Longest time in milliseconds that a stop may take; then the process is killed. */
const STOP_PATIENCE_MS = 12_000;
/** Longest time in milliseconds that a start may take; run_local.py's own deadlines, which know more, come earlier. */
const START_DEADLINE_MS = 6 * 60_000;
/** Time in milliseconds in which a report may still come after the process has ended. */
const LAST_REPORT_MS = 300;
const AGAIN = "Nothing is left running; start it again with npm start.";

/** What run_local.py reports. */
interface Event {
  readonly phase?: string;
  readonly ready?: true;
  readonly problem?: string | null;
  readonly failed?: string;
}

/** Ray and the application, in a Python process of their own (serve-app/tools/run_local.py). */
export class Service {
  readonly #child: ChildProcess;
  readonly #log: ServiceLog;
  readonly #exited: Promise<void>;
  readonly #ready: Promise<void>;
  readonly #ended: Promise<never>;
  #isReady = false;
  #onPhase: (phase: string) => void = () => {};

  private constructor(child: ChildProcess, log: ServiceLog) {
    this.#child = child;
    this.#log = log;
    this.#exited = new Promise((resolve) => {
      child.once("exit", () => resolve());
      child.once("error", () => resolve());
    });
    let toReady: () => void;
    this.#ready = new Promise((resolve) => {
      toReady = resolve;
    });
    this.#ended = new Promise((_, reject) => {
      let failed = false;
      const fail = (reason: string) => {
        if (failed) return;
        failed = true;
        log.say(reason);
        reject(new UserError(`${reason}\nLog: ${log.path}`));
      };
      const events = createInterface({ input: child.stdio[3] as Readable });
      events.on("line", (line) => {
        const event = JSON.parse(line) as Event;
        if (event.phase) this.#onPhase(event.phase);
        if (event.ready) {
          this.#isReady = true;
          toReady();
        }
        if (event.problem !== undefined) this.#report(event.problem);
        if (event.failed !== undefined) fail(this.#failure(event.failed));
      });
      child.once("error", (error) => fail(`Python does not start: ${error.message}`));
      // Not at once: what it has reported is read first.
      child.once("exit", (code, signal) => setTimeout(() => fail(this.#endedBy(code, signal)), LAST_REPORT_MS));
    });
    this.#ended.catch(() => {}); // whoever waits for it gets it
  }

  /**
   * Start it. Its standard input stays open as a lifeline: when this process dies, however it dies, the service ends.
   * Leading its own session, it does not get the terminal's Ctrl-C, which would reach Ray's processes in any order.
   */
  static spawn(python: string, instance: Instance, config: ServeConfigV2, key: string | undefined): Service {
    const { directory, port } = instance;
    const configFile = join(directory, "serve.json");
    writeFileSync(configFile, JSON.stringify(config));
    const log = new ServiceLog(port, directory);
    log.say(`starts on port ${port}, process ${process.pid}`);
    const output = openSync(join(directory, "runner.log"), "a");
    const { OCR_API_KEY: _, ...env } = process.env;
    const child = spawn(python, ["-m", "tools.run_local", "--config", configFile, "--directory", directory], {
      cwd: serveApp,
      // TMPDIR: what its processes write goes with the directory, and where that is there is space.
      env: { ...env, TMPDIR: directory, PYTHONUNBUFFERED: "1", ...(key ? { OCR_API_KEY: key } : {}) },
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

  /** Path of the log. */
  get log(): string {
    return this.#log.path;
  }

  /** Resolve when it can take a request; reject with the reason if it cannot start. */
  async ready(onPhase: (phase: string) => void): Promise<void> {
    let phase = "Python";
    this.#onPhase = (next) => {
      phase = next;
      onPhase(next);
    };
    const given = new AbortController();
    const tooLate = sleep(START_DEADLINE_MS, undefined, { signal: given.signal }).then(() => {
      const minutes = START_DEADLINE_MS / 60_000;
      const reason = `The service was not up after ${minutes} minutes; it waits for ${phase}. Try again when this machine is less busy.`;
      throw new UserError(`${reason}\nLog: ${this.log}`);
    });
    tooLate.catch(() => {}); // it also ends so when it is no longer needed
    try {
      await Promise.race([this.#ready, this.#ended, tooLate]);
    } finally {
      given.abort();
    }
  }

  /** Reject with the reason when it has failed or ended by itself. */
  get ended(): Promise<never> {
    return this.#ended;
  }

  /** End it and everything it started; the log stays. */
  async stop(): Promise<void> {
    this.#log.say("stops");
    this.#child.stdin?.on("error", () => {}); // it may be gone already
    this.#child.stdin?.end();
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), STOP_PATIENCE_MS);
    if (this.#child.exitCode === null && this.#child.signalCode === null) await this.#exited;
    clearTimeout(timer);
    await endSession(this.#child.pid);
    this.#log.close();
  }

  #report(problem: string | null): void {
    const text = problem
      ? `The service has a problem: ${problem}. It may recover by itself; if it does not, start it again. Log: ${this.log}`
      : "The service works again.";
    this.#log.say(text);
    console.error(text);
  }

  #failure(reason: string): string {
    return this.#isReady
      ? `The service has failed: ${reason}. ${AGAIN}`
      : `The application cannot start:\n${indent(reason)}`;
  }

  #endedBy(code: number | null, signal: NodeJS.Signals | null): string {
    const how = signal ? `was ended by ${signal}` : `ended with code ${code}`;
    const hint = signal === "SIGKILL" ? " (the kernel does that when memory runs out)" : "";
    const words = `The service ${how}${hint}.`;
    return this.#isReady
      ? `${words} ${AGAIN}`
      : `${words} The last lines of its log:\n${indent(this.#log.lastLines())}`;
  }
}

function indent(text: string): string {
  return text.replace(/^/gm, "  ");
}
