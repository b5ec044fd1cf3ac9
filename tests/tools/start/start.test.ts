import { deepEqual, equal, match, ok } from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { sessionOf } from "../../../tools/start/instance.ts";
import { eventually } from "../processes.ts";
import { freePort, Launch, trace } from "./launch.ts";
import { listeningAddresses, loopback, processNamed } from "./sockets.ts";

const KEY = "key-of-this-test";
const linux = process.platform === "linux";

/** A proxy that refuses every connection. */
const DEAD = "http://127.0.0.1:9";
const behindProxy = { http_proxy: DEAD, https_proxy: DEAD, ALL_PROXY: DEAD, no_proxy: "", NO_PROXY: "" };

/** A PDF of two pages, of which the second is missing. */
const HALF_PDF =
  "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 2/Kids[3 0 R 9 0 R]>>endobj\n" +
  "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 300]>>endobj\ntrailer<</Root 1 0 R>>\n";

/** The file that a message names as the log. */
function logOf(launch: Launch): string {
  return /^Log:? +(\/.*)$/m.exec(launch.output)?.[1] ?? "";
}

describe("npm start", function () {
  this.timeout(240_000);

  it("answers --help and refuses a wrong option at once", async () => {
    const help = new Launch(["--help"]);
    equal(await help.ended(), 0);
    match(help.output, /--port N/);
    const wrong = new Launch(["--prot", "1"]);
    equal(await wrong.ended(), 1);
    match(wrong.output, /--prot/);
    equal(/\n\s+at /.test(wrong.output), false, "a stack is no message for people");
  });

  it("says who has the port", async () => {
    const server = createServer();
    const port = await new Promise<number>((resolve) => {
      server.listen(0, "127.0.0.1", () => resolve((server.address() as { port: number }).port));
    });
    try {
      const launch = new Launch(["--port", String(port)]);
      equal(await launch.ended(), 1);
      match(launch.output, new RegExp(`Port ${port} is taken by .*(process ${process.pid}|another program)`));
      match(launch.output, /--port 8001/);
    } finally {
      server.close();
    }
  });

  describe("from the first page to Ctrl-C, behind a proxy that does not know this machine", () => {
    let launch: Launch;
    let port: number;
    let runner: number;
    let directory: string;

    before(async () => {
      port = await freePort();
      launch = new Launch(["--port", String(port), "--key", KEY], behindProxy);
      await launch.says(/Ctrl-C stops it/);
      const { runner: pid, directory: folder } = await eventually(() => trace(port));
      runner = pid ?? 0;
      directory = folder;
    });
    after(() => launch.kill("SIGKILL"));

    it("turns the sample into text, tables and headings included", () => {
      match(launch.output, /# The Lighthouse at Kettle Point/);
      match(launch.output, /\| 1889-1933 \| Paraffin \| 15 \| 1,865 \|/);
    });

    it("prints a curl line that works when pasted", async () => {
      const line = /^ +(curl .*)$/m.exec(launch.output)?.[1] ?? "";
      const { stdout } = await promisify(execFile)("bash", ["-c", line], {
        env: { ...process.env, ...behindProxy, OCR_API_KEY: KEY },
      });
      match(JSON.parse(stdout).choices[0].message.content, /Kettle Point/);
    });

    it("asks clients for the key, and never shows it", async () => {
      const response = await fetch(`http://127.0.0.1:${port}/v1/models`);
      equal(response.status, 401);
      equal(launch.output.includes(KEY), false);
    });

    it("listens on loopback only, with every one of its processes", function () {
      if (!linux) this.skip();
      const addresses = listeningAddresses(runner);
      ok(addresses.length > 5, `found only ${addresses}`);
      deepEqual(
        addresses.filter((address) => !loopback.includes(address)),
        [],
      );
    });

    it("refuses a second one and says where the first runs", async () => {
      const second = new Launch(["--port", String(port)]);
      equal(await second.ended(), 1);
      match(second.output, new RegExp(`already running: http://127.0.0.1:${port} \\(process ${launch.child.pid}\\)`));
    });

    it("leaves no process and no file behind after Ctrl-C", async () => {
      ok(sessionOf(runner).length > 0);
      launch.kill("SIGINT");
      equal(await launch.ended(), 0);
      match(launch.output, /nothing is left running/);
      deepEqual(sessionOf(runner), []);
      equal(existsSync(directory), false);
      equal(trace(port), undefined);
    });

    it("leaves one log, for this user only, with the requests and without the key", () => {
      const log = readFileSync(logOf(launch), "utf8");
      match(log, /^\{.*"path": "\/v1\/chat\/completions".*"status": 200.*\}$/m);
      match(log, /Engine: ready/);
      equal(log.includes(KEY), false);
      equal(statSync(logOf(launch)).mode & 0o777, 0o600);
    });
  });

  it("ends with its launcher's kill -9, half-way, and starts clean afterwards", async () => {
    const port = await freePort();
    const args = ["--port", String(port), "--engine", "null", "--no-sample"];
    const first = new Launch(args);
    const runner = await eventually(() => trace(port)?.runner);
    const directory = trace(port)?.directory ?? "";
    await eventually(() => existsSync(`${directory}/ray0`)); // Ray is coming up
    first.kill("SIGKILL");
    await eventually(() => sessionOf(runner).length === 0);

    const folder = mkdtempSync(join(tmpdir(), "ocr-test-"));
    const file = join(folder, "half.pdf");
    writeFileSync(file, HALF_PDF);
    const second = new Launch(["--port", String(port), "--engine", "null", file]);
    await second.says(/Cleared up after a start that was killed/);
    equal(existsSync(directory), false);
    // A FILE that cannot be read to its end does not end the service.
    await second.says(/half\.pdf was not read to its end: Page 2 cannot be drawn/);
    await second.says(/Ctrl-C stops it/);
    rmSync(folder, { recursive: true });
    equal((await fetch(`http://127.0.0.1:${port}/health`)).status, 200);

    // Ray's own processes are restarted by nobody.
    const next = trace(port)?.runner ?? 0;
    if (linux) {
      process.kill(processNamed(next, "raylet"), "SIGKILL");
      equal(await second.ended(), 1);
      match(second.output, /The service has failed: Ray's raylet \(process \d+\) was ended by SIGKILL/);
      match(readFileSync(logOf(second), "utf8"), /Ray's raylet .* was ended by SIGKILL/);
    } else {
      second.kill("SIGINT");
      equal(await second.ended(), 1, "the FILE was not read to its end");
    }
    deepEqual(sessionOf(next), []);

    // And the other way round: Python is killed, with all of Ray around it.
    const third = new Launch(args);
    await third.says(/Ctrl-C stops it/);
    const last = trace(port)?.runner ?? 0;
    process.kill(last, "SIGKILL");
    equal(await third.ended(), 1);
    match(third.output, /The service was ended by SIGKILL.*start it again/);
    deepEqual(sessionOf(last), []);
  });
});
