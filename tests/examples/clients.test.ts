import { deepEqual, doesNotMatch, equal, match } from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { python } from "../helpers/python.ts";

/** A proxy that refuses every connection: nothing listens on the port for "discard". */
const proxy = "http://127.0.0.1:9";
const deadProxy = { http_proxy: proxy, HTTP_PROXY: proxy, ALL_PROXY: proxy, NODE_USE_ENV_PROXY: "1" };
const withoutLists = { no_proxy: undefined, NO_PROXY: undefined };

describe("examples", function () {
  this.timeout(60_000);
  let server: Server;
  let url: string;
  let folder: string;
  let page: string;
  let bodies: string[] = [];

  before((done) => {
    folder = mkdtempSync(join(tmpdir(), "ocr-test-"));
    page = join(folder, "page.png");
    writeFileSync(page, "png bytes");
    server = createServer(async (request, response) => {
      let body = "";
      for await (const chunk of request) body += chunk;
      bodies.push(body);
      const text = { content: "the text" };
      const answer = { choices: [{ index: 0, delta: text, message: text, finish_reason: null }] };
      if (JSON.parse(body).stream) {
        response
          .setHeader("content-type", "text/event-stream")
          .end(`data: ${JSON.stringify(answer)}\n\ndata: [DONE]\n\n`);
      } else response.setHeader("content-type", "application/json").end(JSON.stringify(answer));
    }).listen(0, "127.0.0.1", () => {
      url = `http://127.0.0.1:${(server.address() as { port: number }).port}/v1`;
      done();
    });
  });
  beforeEach(() => {
    bodies = [];
  });
  after(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  function run(command: string, ...args: string[]): Promise<{ code: number; output: string }> {
    const env = { ...process.env, ...withoutLists, ...deadProxy, OCR_BASE_URL: url };
    return new Promise((resolve) => {
      execFile(command, args, { env }, (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === "number" ? error.code : 0, output: stdout + stderr }),
      );
    });
  }

  const clients = [
    ["curl.sh", ["bash", "examples/curl.sh"]],
    ["openai-node.mjs", [process.execPath, "examples/openai-node.mjs"]],
    ["openai_python.py", python ? [python, "examples/openai_python.py"] : undefined],
  ] as const;
  for (const [name, command] of clients) {
    it(`${name} reaches this machine beside a proxy that does not know it`, async function () {
      if (!command) this.skip();
      const { code, output } = await run(...(command as [string, string]), page);
      equal(code, 0, output);
      match(output, /the text/);
      match(bodies.join(), /data:image\/png;base64,cG5nIGJ5dGVz"/);
    });

    it(`${name} says that a file is missing, empty or none, and sends nothing`, async function () {
      if (!command) this.skip();
      const empty = join(folder, "empty.png");
      const locked = join(folder, "locked.png");
      writeFileSync(empty, "");
      writeFileSync(locked, "png bytes", { mode: 0 });
      const files = [empty, join(folder, "nowhere.png"), folder];
      if (process.getuid?.() !== 0) files.push(locked); // root can read it
      for (const file of files) {
        const { code, output } = await run(...(command as [string, string]), file);
        equal(code === 0, false, file);
        match(output, new RegExp(`(Cannot read )?${file}(: .*|( is not a file with an image in it))\\.$`, "m"));
        doesNotMatch(output, /Traceback|at .*\.mjs/);
      }
      const { code, output } = await run(...(command as [string, string]));
      equal(code === 0, false);
      match(output, /^Usage: .*IMAGE$/m);
      deepEqual(bodies, []);
    });
  }
});
