import { deepEqual, equal, match, rejects } from "node:assert/strict";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { OcrClient } from "../../../deploy/smoke/client.ts";
import { pageRequest } from "../../../deploy/smoke/request.ts";
import { ServiceError } from "../../../deploy/smoke/serviceError.ts";

const page = pageRequest("deepseek-ocr", Buffer.from("image"), "image/png");
const event = (value: object | string) => `data: ${typeof value === "string" ? value : JSON.stringify(value)}\n\n`;
const delta = (content: string, finish: string | null = null) =>
  event({ choices: [{ index: 0, delta: { content }, finish_reason: finish }] });

describe("OcrClient", () => {
  let server: Server;
  let answer: (request: IncomingMessage, response: ServerResponse) => void;
  let seen: IncomingMessage[];
  const client = (key?: string) => new OcrClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, key);
  const limit = () => AbortSignal.timeout(2_000);
  const reply = (status: number, type: string, body: string) => {
    answer = (_, response) => response.writeHead(status, { "content-type": type }).end(body);
  };
  const stream = (...parts: string[]) => reply(200, "text/event-stream", parts.join(""));

  beforeEach(async () => {
    seen = [];
    server = createServer((request, response) => {
      seen.push(request);
      request.resume().on("end", () => answer(request, response));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const refused = (status: number, message: RegExp) => (error: unknown) => {
    if (!(error instanceof ServiceError)) return false;
    equal(error.status, status, error.message);
    match(error.message, message);
    return true;
  };

  it("sends no key where none is given, whatever the environment holds for other services", async () => {
    const before = { ...process.env };
    Object.assign(process.env, {
      OPENAI_API_KEY: "key-of-another-service",
      OPENAI_ADMIN_KEY: "admin-of-another-service",
      OPENAI_ORG_ID: "org",
      OPENAI_CUSTOM_HEADERS: "Authorization: Bearer custom",
    });
    try {
      reply(200, "application/json", '{"data":[{"id":"deepseek-ocr"}]}');
      deepEqual(await client().models(), ["deepseek-ocr"]);
      await client("right").models();
      await client("right").withKey(undefined).models();
      deepEqual(
        seen.map(({ headers }) => headers.authorization),
        [undefined, "Bearer right", undefined],
      );
      equal(seen[0]?.headers["openai-organization"], undefined);
    } finally {
      for (const name of ["OPENAI_API_KEY", "OPENAI_ADMIN_KEY", "OPENAI_ORG_ID", "OPENAI_CUSTOM_HEADERS"]) {
        if (before[name] === undefined) delete process.env[name];
        else process.env[name] = before[name];
      }
    }
  });

  it("asks once: what is refused is not sent again", async () => {
    reply(503, "application/json", '{"error":{"message":"The engine is lost."}}');
    await rejects(client().read(page, limit()), refused(503, /^HTTP 503: The engine is lost\.$/));
    await rejects(client().stream(page, limit()), refused(503, /^HTTP 503: The engine is lost\.$/));
    await rejects(client().models(), refused(503, /^HTTP 503: The engine is lost\.$/));
    equal(seen.length, 3);
  });

  it("says what something else answered in its place", async () => {
    reply(502, "text/html", "<h1>Bad gateway</h1>");
    for (const call of [() => client().models(), () => client().health(), () => client().read(page, limit())])
      await rejects(call, refused(502, /^HTTP 502: <h1>Bad gateway<\/h1>$/));
    reply(404, "application/json", "");
    await rejects(client().models(), refused(404, /^HTTP 404: Not Found$/));
    reply(200, "text/html", "<h1>Welcome</h1>");
    await rejects(client().health(), refused(200, /health is not valid JSON/));
    await rejects(client().read(page, limit()), refused(200, /the answer is not what was expected/));
    await rejects(client().stream(page, limit()), refused(200, /ended without \[DONE\]/));
  });

  it("reads a stream to its end, and its text, usage and reason from it", async () => {
    stream(": waiting\n\n", delta("Grü"), delta("ße", "stop"), event({ choices: [], usage: { completion_tokens: 7 } }));
    await rejects(client().stream(page, limit()), refused(200, /^The stream ended without \[DONE\]\.$/));
    stream(delta("Grü"), delta("ße", "stop"), event({ choices: [], usage: { completion_tokens: 7 } }), event("[DONE]"));
    const { text, finishReason, completionTokens, firstTextSeconds } = await client().stream(page, limit());
    deepEqual([text, finishReason, completionTokens], ["Grüße", "stop", 7]);
    equal((firstTextSeconds ?? -1) >= 0, true);
  });

  it("is not misled by a page that says [DONE]", async () => {
    stream(delta("\ndata: [DONE]", "stop"));
    await rejects(client().stream(page, limit()), refused(200, /ended without \[DONE\]/));
  });

  it("tells of a stream that ends by nothing", async () => {
    stream(delta("text"), event("[DONE]"));
    equal((await client().stream(page, limit())).finishReason, "");
  });

  it("passes on an error inside a stream, in the service's words", async () => {
    stream(delta("text"), event({ error: { message: "The engine died." } }), event("[DONE]"));
    await rejects(client().stream(page, limit()), refused(200, /^The engine died\.$/));
  });

  it("refuses chunks that are not what OpenAI's API gives", async () => {
    stream(event("{broken"), event("[DONE]"));
    await rejects(client().stream(page, limit()), refused(200, /not valid JSON/));
    stream(event({ choices: "none" }), event("[DONE]"));
    await rejects(client().stream(page, limit()), refused(200, /a chunk of the stream is not what was expected/));
  });

  it("gives up at the signal, also in the middle of a stream", async () => {
    answer = (_, response) => void response.writeHead(200, { "content-type": "text/event-stream" }).write(delta("a"));
    await rejects(client().stream(page, AbortSignal.timeout(200)), refused(0, /^No answer from .*: it took too long$/));
    answer = () => undefined;
    await rejects(client().read(page, AbortSignal.timeout(200)), refused(0, /^No answer from .*: it took too long$/));
  });

  it("tells of a connection that breaks", async () => {
    answer = (request) => request.socket.destroy();
    await rejects(client().models(), refused(0, /^No answer from http:.*\/v1\/models: /));
  });

  it("never shows the key", async () => {
    reply(401, "application/json", '{"error":{"message":"Key sk-my-key-1 is wrong."}}');
    await rejects(client("sk-my-key-1").models(), refused(401, /^HTTP 401: Key \[secret\] is wrong\.$/));
    await rejects(client("sk-my-key-1\u2713").models(), (error: Error) => !error.message.includes("sk-my-key"));
  });
});
