import { spawnSync } from "node:child_process";
import { createServer } from "node:net";

const HOST = "127.0.0.1";

/** The port if it can be bound on loopback, else undefined; 0 gives a free port. */
export function bindablePort(port: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE" || error.code === "EACCES") resolve(undefined);
      else reject(error);
    });
    server.listen({ port, host: HOST, exclusive: true }, () => {
      const address = server.address();
      const bound = typeof address === "object" && address ? address.port : port;
      server.close(() => resolve(bound));
    });
  });
}

/** Which program listens on the port, such as "nginx (process 812)"; undefined if this user cannot see it. */
export function portHolder(port: number): string | undefined {
  return fromLsof(port) ?? fromSs(port);
}

function fromLsof(port: number): string | undefined {
  const { stdout } = spawnSync("lsof", ["-nP", `-iTCP:${port}`, "-sTCP:LISTEN", "-Fpc"], { encoding: "utf8" });
  const pid = /^p(\d+)$/m.exec(stdout ?? "")?.[1];
  const name = /^c(.+)$/m.exec(stdout ?? "")?.[1];
  return pid && name ? `${name} (process ${pid})` : undefined;
}

function fromSs(port: number): string | undefined {
  const { stdout } = spawnSync("ss", ["-Hltnp", `sport = :${port}`], { encoding: "utf8" });
  const match = /\(\("([^"]+)",pid=(\d+)/.exec(stdout ?? "");
  return match ? `${match[1]} (process ${match[2]})` : undefined;
}
