import { equal, ok } from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { ownerOf, tryTake, withLock } from "../../../tools/bootstrap/lock.mjs";

const NOBODY = 2 ** 22 + 1; // above the largest process number of Linux

describe("lock among processes", () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "ocr-test-"));
    path = join(folder, "lock");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("is taken once, and free again afterwards", async () => {
    await withLock(path, async () => {
      equal(tryTake(path), false);
      equal(ownerOf(path), process.pid);
    });
    ok(tryTake(path));
  });

  it("is freed by work that fails", async () => {
    await withLock(path, () => Promise.reject(new Error("no"))).catch(() => {});
    ok(tryTake(path));
  });

  it("is taken over from a process that is gone", async () => {
    writeFileSync(path, String(NOBODY));
    equal(ownerOf(path), undefined);
    await withLock(path, async () => equal(ownerOf(path), process.pid));
  });

  it("is taken over from a process whose number belongs to another one by now", async () => {
    writeFileSync(path, `${process.pid} an-earlier-boot 1234`);
    equal(ownerOf(path), undefined);
    await withLock(path, async () => equal(ownerOf(path), process.pid));
  });

  it("is taken over where its file was cut short", async () => {
    writeFileSync(path, "");
    await withLock(path, async () => equal(ownerOf(path), process.pid));
  });

  it("lets four processes count without losing one, even from a dead owner", async () => {
    writeFileSync(path, String(NOBODY));
    const counter = join(folder, "counter");
    writeFileSync(counter, "0");
    const program = `
      import { readFileSync, writeFileSync } from "node:fs";
      import { setTimeout as sleep } from "node:timers/promises";
      const { withLock } = await import(${JSON.stringify(new URL("../../../tools/bootstrap/lock.mjs", import.meta.url).href)});
      for (let i = 0; i < 3; i++) await withLock(${JSON.stringify(path)}, async () => {
        const seen = Number(readFileSync(${JSON.stringify(counter)}, "utf8"));
        await sleep(20);
        writeFileSync(${JSON.stringify(counter)}, String(seen + 1));
      });`;
    const run = () => promisify(execFile)(process.execPath, ["--input-type=module", "-e", program]);
    await Promise.all([run(), run(), run(), run()]);
    equal(readFileSync(counter, "utf8"), "12");
  });
});
