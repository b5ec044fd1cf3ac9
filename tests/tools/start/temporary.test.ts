import { deepEqual, equal, ok, throws } from "node:assert/strict";
import { mkdtempSync, rmdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { LONGEST_FOLDER, makeDirectory, temporaryFolders } from "../../../tools/start/temporary.ts";

describe("temporary directory", () => {
  it("is in the user's TMPDIR, else where the system has room", () => {
    deepEqual(temporaryFolders({ TMPDIR: "/scratch//", XDG_RUNTIME_DIR: "/run/user/1000" }), [
      "/scratch",
      "/tmp",
      "/run/user/1000",
      "/var/tmp",
    ]);
    deepEqual(temporaryFolders({ TMPDIR: "/tmp/" }), ["/tmp", "/var/tmp"]);
    equal(temporaryFolders({ TMPDIR: "/" })[0], "/");
  });

  it("is in the first folder that does", () => {
    const base = mkdtempSync("/tmp/t-");
    try {
      const long = `/tmp/${"x".repeat(LONGEST_FOLDER)}`;
      const directory = makeDirectory(["relative", long, join(base, "missing"), base, "/tmp"]);
      equal(dirname(directory), base);
      rmSync(directory, { recursive: true });
    } finally {
      rmdirSync(base);
    }
  });

  it("leaves Ray's sockets a path that the kernel takes", () => {
    ok(LONGEST_FOLDER >= "/run/user/1000".length);
    const socket = `${"x".repeat(LONGEST_FOLDER)}/ocr-XXXXXX/ray0/session_2026-11-25_20-29-19_964532_4194304/sockets/plasma_store`;
    ok(socket.length <= 103, String(socket.length));
  });

  it("says of each folder why it does not do", () =>
    throws(
      () => makeDirectory(["/nowhere", "relative"]),
      /\/nowhere: there is no such folder\n +relative: the path is not absolute\nFree some space/,
    ));
});
