import { deepEqual, equal, match } from "node:assert/strict";
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RotatingFile } from "../../../tools/start/rotatingFile.ts";
import { KEEP, ServiceLog } from "../../../tools/start/serviceLog.ts";

describe("log of a service", () => {
  let directory: string;
  let folder: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "ocr-test-"));
    folder = join(directory, "logs");
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it("has what the processes wrote, up to their last words, and stays", () => {
    const log = new ServiceLog(8001, directory, folder);
    log.say("starts");
    appendFileSync(join(directory, "runner.log"), "first\n");
    match(log.lastLines(), /first$/);
    appendFileSync(join(directory, "runner.log"), "last words");
    log.close();
    match(readFileSync(join(folder, "service-8001.log"), "utf8"), /^\S+ npm start: starts\nfirst\nlast words\n$/);
  });

  it("is for this user only", () => {
    const log = new ServiceLog(8001, directory, folder);
    log.close();
    equal(statSync(folder).mode & 0o777, 0o700);
    equal(statSync(log.path).mode & 0o777, 0o600);
  });

  it("keeps the last few starts, and of other ports the last days", () => {
    for (let start = 0; start < KEEP.files + 3; start++) {
      const log = new ServiceLog(8001, directory, folder);
      log.say(`start ${start}`);
      log.close();
    }
    const aged = join(folder, "service-9999.2.log");
    const recent = join(folder, "service-9998.log");
    const other = join(folder, "npm.log");
    for (const file of [aged, recent, other]) writeFileSync(file, "x");
    const days = (count: number) => new Date(Date.now() - count * 86_400_000);
    for (const [file, count] of [
      [aged, KEEP.days + 1],
      [recent, KEEP.days - 1],
      [other, 999],
    ] as const)
      utimesSync(file, days(count), days(count));
    new ServiceLog(8002, directory, folder).close();
    deepEqual([aged, recent, other].map(existsSync), [false, true, true]);
    const names = readdirSync(folder).filter((name) => name.startsWith("service-8001"));
    equal(names.length, KEEP.files + 1);
    match(readFileSync(join(folder, "service-8001.log"), "utf8"), new RegExp(`start ${KEEP.files + 2}`));
    match(readFileSync(join(folder, "service-8001.1.log"), "utf8"), new RegExp(`start ${KEEP.files + 1}`));
  });

  it("is set aside when it has grown large", () => {
    const file = new RotatingFile(join(folder, "x.log"), { bytes: 100, files: 2, days: 1 });
    for (const letter of "abcdefg") file.write(`${letter.repeat(59)}\n`);
    file.close();
    const read = (name: string) => readFileSync(join(folder, name), "utf8")[0];
    deepEqual([read("x.log"), read("x.1.log"), read("x.2.log")], ["g", "f", "e"]);
    equal(readdirSync(folder).length, 3);
  });
});
