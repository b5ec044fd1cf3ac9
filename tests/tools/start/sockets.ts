import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { sessionOf } from "../../../tools/start/instance.ts";

const LISTEN = "0A";

/** Addresses, in the kernel's hexadecimal form, that a session's processes listen on; Linux only. */
export function listeningAddresses(leader: number): string[] {
  const inodes = new Set(sessionOf(leader).flatMap(socketInodes));
  return ["/proc/net/tcp", "/proc/net/tcp6"].flatMap((file) =>
    readFileSync(file, "utf8")
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[3] === LISTEN && inodes.has(fields[9] ?? ""))
      .map((fields) => (fields[1] ?? "").split(":")[0] ?? ""),
  );
}

/** Process of a session whose program has this name; Linux only. */
export function processNamed(leader: number, name: string): number {
  const found = sessionOf(leader).find((pid) => readFileSync(`/proc/${pid}/comm`, "utf8").trim() === name);
  if (found === undefined) throw new Error(`there is no ${name} in session ${leader}`);
  return found;
}

/** 127.0.0.1 and the same mapped into IPv6. */
export const loopback: readonly string[] = ["0100007F", "0000000000000000FFFF00000100007F"];

function socketInodes(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      const match = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`));
      return match?.[1] ? [match[1]] : [];
    });
  } catch {
    return []; // it has just ended
  }
}
