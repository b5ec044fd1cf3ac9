import { spawnSync } from "node:child_process";
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { UserError } from "../bootstrap/userError.mjs";

const HOST = "127.0.0.1";
/** Longest time in milliseconds for a connection to this machine itself; it takes less than one. */
const REACH_MS = 3_000;
const LOOPBACK_CURE =
  "Turn its loopback network on (Linux: sudo ip link set lo up); a container or sandbox without network has none.";

/**
 * The port if it can be bound on loopback, else undefined; 0 gives a free port.
 *
 * @throws {UserError} if the machine has no loopback network: there, binding may work and connecting does not.
 */
export async function bindablePort(port: number): Promise<number | undefined> {
  const server = createServer();
  try {
    server.listen({ port, host: HOST, exclusive: true });
    await once(server, "listening");
    const bound = (server.address() as AddressInfo).port;
    await reach(bound);
    return bound;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "EADDRINUSE" || code === "EACCES") return undefined;
    throw new UserError(`Programs cannot reach ${HOST} on this machine (${code ?? message}). ${LOOPBACK_CURE}`);
  } finally {
    server.close();
  }
}

/**
 * Reserve a port for as long as this process lives; undefined if it is reserved already.
 *
 * Ray Serve's proxies listen with SO_REUSEPORT, so that two services which start at the same moment would share a port,
 * each answering half of the requests. A UDP socket of the same number, which nobody else may bind, tells their starts
 * apart from whatever folder they come.
 */
export async function reservePort(port: number): Promise<Socket | undefined> {
  const socket = createSocket({ type: "udp4", reuseAddr: false });
  try {
    socket.bind({ port, address: HOST, exclusive: true });
    await once(socket, "listening");
    return socket.unref();
  } catch (error) {
    socket.close();
    if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") return undefined;
    throw error;
  }
}

/** Connect to a port of this machine, and end the connection. */
async function reach(port: number): Promise<void> {
  const socket = connect({ port, host: HOST });
  try {
    await once(socket, "connect", { signal: AbortSignal.timeout(REACH_MS) });
  } finally {
    socket.destroy();
  }
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
