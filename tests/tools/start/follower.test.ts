import { deepEqual, equal } from "node:assert/strict";
import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Follower } from "../../../tools/start/follower.ts";

describe("follower", () => {
  let directory: string;
  let logs: string;
  let follower: Follower;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "ocr-test-"));
    logs = join(directory, "ray0", "session_2026-11-25_20-29-19_964532_30419", "logs");
    mkdirSync(logs, { recursive: true });
    follower = new Follower(directory);
  });
  afterEach(() => {
    follower.close();
    rmSync(directory, { recursive: true });
  });
  const write = (name: string, text: string) => appendFileSync(join(logs, name), text);

  it("gives each line once, when it is complete, and the rest at the end", () => {
    deepEqual(follower.read(), []);
    writeFileSync(join(directory, "runner.log"), "a traceback\n");
    write("worker-1-2.err", "half");
    deepEqual(follower.read(), ["a traceback"]);
    write("worker-1-2.err", " a line, ä");
    write("worker-1-2.err", "\nand no end");
    deepEqual(follower.read(), ["half a line, ä"]);
    deepEqual(follower.read({ last: true }), ["and no end"]);
    deepEqual(follower.read({ last: true }), []);
  });

  it("leaves out Ray's markers, its figures about itself, and questions of health that went well", () => {
    write("worker-1.err", ":job_id:01\n:actor_name:ServeReplica\nINFO Api x -- GET /health 200 1.2ms\n");
    write(
      "worker-1.err",
      "INFO Api x -- GET /health 503 1.2ms\n    [state-dump] NodeManager\nINFO Api x -- GET /v1/models 200 2ms\n",
    );
    deepEqual(follower.read(), ["INFO Api x -- GET /health 503 1.2ms", "INFO Api x -- GET /v1/models 200 2ms"]);
  });

  it("takes warnings and worse of Ray's programs, with the stack below them", () => {
    write("raylet.out", "[2026-11-25 20:29:32,865 I 30454 30454] (raylet) fine\n  more of it\n");
    write("raylet.out", "[2026-11-25 20:29:32,865 C 30454 30454] (raylet) check failed\n*** StackTrace\n");
    write("raylet.out", "[2026-11-25 20:29:33,865 I 30454 30454] (raylet) fine again\n");
    write("raylet.err", "terminate called\n");
    write("dashboard_agent.log", "[x E 1] of no interest\n");
    deepEqual(follower.read(), [
      "terminate called",
      "[2026-11-25 20:29:32,865 C 30454 30454] (raylet) check failed",
      "*** StackTrace",
    ]);
  });

  it("loses nothing when a file is renamed and begun again", () => {
    write("worker-1.err", "one\n");
    deepEqual(follower.read(), ["one"]);
    write("worker-1.err", "two\n");
    renameSync(join(logs, "worker-1.err"), join(logs, "worker-1.1.old"));
    write("worker-1.err", "three\n");
    deepEqual(follower.read(), ["two", "three"]);
  });

  it("empties a file that has grown large, once it is read", () => {
    const line = `${"x".repeat(2 ** 20 - 1)}\n`;
    write("worker-1.err", line.repeat(17));
    equal(follower.read().length, 17);
    equal(statSync(join(logs, "worker-1.err")).size, 0);
    write("worker-1.err", "after\n");
    deepEqual(follower.read(), ["after"]);
  });
});
