import { equal, match } from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileProblem } from "../../../tools/bootstrap/fileError.mjs";

describe("errors of the file system", () => {
  const failed = (code: string, path?: string) => Object.assign(new Error(code), { code, path });

  it("say what to do about a full disk and a read-only file system", () => {
    match(
      fileProblem(failed("ENOSPC", "/clone/.cache/x")) ?? "",
      /disk is full: \/clone\/\.cache\/x .*Free some space/,
    );
    match(fileProblem(failed("EROFS", "/clone/.cache")) ?? "", /\.cache cannot be written: .*read-only.*git clone/);
  });

  it("name the folder that another user owns, and how to get it", () =>
    match(
      fileProblem(failed("EACCES", "/proc/1/fd/new/file")) ?? "",
      process.getuid?.() === 0 ? /chmod -R u\+w \/proc/ : /\/proc\S* belongs to another user.*sudo chown -R/,
    ));

  it("name a folder of one's own that is not to be written", () => {
    const folder = mkdtempSync(join(tmpdir(), "ocr-test-"));
    try {
      match(fileProblem(failed("EACCES", join(folder, "a/b"))) ?? "", new RegExp(`chmod -R u\\+w ${folder}\\n`));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("are nothing else", () => {
    equal(fileProblem(failed("ENOENT", "/x")), undefined);
    equal(fileProblem(new TypeError("x is not a function")), undefined);
    equal(fileProblem(undefined), undefined);
  });
});
