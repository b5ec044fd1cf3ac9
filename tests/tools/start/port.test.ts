import { equal, match, ok } from "node:assert/strict";
import { createServer, type Server } from "node:net";
import { bindablePort, portHolder, reservePort } from "../../../tools/start/port.ts";

describe("port", () => {
  let server: Server;
  let taken: number;

  before((done) => {
    server = createServer().listen(0, "127.0.0.1", () => {
      taken = (server.address() as { port: number }).port;
      done();
    });
  });
  after(() => {
    server.close();
  });

  it("finds a free one for 0", async () => {
    const port = await bindablePort(0);
    ok(port && port > 1023);
    equal(await bindablePort(port), port);
  });

  it("sees that one is taken", async () => equal(await bindablePort(taken), undefined));

  it("is reserved for one start at a time", async () => {
    const port = (await bindablePort(0)) as number;
    const first = await reservePort(port);
    ok(first);
    equal(await bindablePort(port), port);
    equal(await reservePort(port), undefined);
    await new Promise<void>((closed) => first.close(closed));
    (await reservePort(port))?.close();
  });

  it("names who has it", function () {
    const holder = portHolder(taken);
    if (holder === undefined)
      this.skip(); // neither lsof nor ss on this machine
    else match(holder, new RegExp(`\\(process ${process.pid}\\)`));
  });
});
