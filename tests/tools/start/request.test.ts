import { rejects } from "node:assert/strict";
import { createServer, type RequestListener } from "node:http";
import { readPage } from "../../../tools/start/request.ts";

describe("request for a page", () => {
  const page = { bytes: Buffer.from("x"), mime: "image/png" };
  const saved = process.env.http_proxy;

  afterEach(() => {
    if (saved === undefined) delete process.env.http_proxy;
    else process.env.http_proxy = saved;
  });

  async function asking(answer: RequestListener, says: RegExp, deadlineMs?: number): Promise<void> {
    const server = createServer(answer);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    try {
      await rejects(readPage(`http://127.0.0.1:${port}/v1`, undefined, page, deadlineMs), {
        name: "UserError",
        message: says,
      });
    } finally {
      server.closeAllConnections();
      server.close();
    }
  }

  it("says what the service said", () =>
    asking(
      (_, response) => response.writeHead(413).end('{"error": {"message": "The image file has 9 bytes."}}'),
      /^The service answered 413: The image file has 9 bytes\.$/,
    ));

  it("does not wait for ever, and names the proxy variables that are set", async () => {
    process.env.http_proxy = "http://user:secret@127.0.0.1:9";
    await asking(
      () => {},
      /^The service did not answer within 0\.05 s\. A proxy is set \(.*http_proxy.*\); requests to 127/,
      50,
    );
  });

  it("says that the service is gone", () =>
    asking((request) => request.socket.destroy(), /^The service did not answer: /));
});
