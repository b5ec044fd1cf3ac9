import { equal, match, rejects } from "node:assert/strict";
import { PassThrough } from "node:stream";
import { elapsed, phase } from "../../../tools/bootstrap/phase.mjs";

describe("phase", () => {
  const recorder = (properties: object) => {
    const stream = new PassThrough({ encoding: "utf8" });
    return Object.assign(stream, properties) as unknown as NodeJS.WriteStream & PassThrough;
  };

  it("tells a log when it begins and ends", async () => {
    const stream = recorder({ isTTY: false });
    equal(await phase("Work", async () => 42, stream), 42);
    match(String(stream.read()), /^ {2}Work …\n✓ Work {2}0\.\d s\n$/);
  });

  it("keeps to one line on a terminal", async () => {
    const stream = recorder({ isTTY: true, columns: 30 });
    const work = async (detail: (text: string) => void) => {
      detail("a detail that is much longer than the line");
      await new Promise((resolve) => setTimeout(resolve, 250));
    };
    await phase("Work", work, stream);
    for (const frame of String(stream.read()).split("\r\x1b[2K")) equal(frame.trimEnd().length < 30, true);
  });

  it("marks a failure and passes it on", async () => {
    const stream = recorder({ isTTY: false });
    await rejects(
      phase("Work", () => Promise.reject(new Error("no")), stream),
      /no/,
    );
    match(String(stream.read()), /✗ Work/);
  });

  it("shows times as people say them", () => {
    equal(elapsed(1_234), "1.2 s");
    equal(elapsed(61_000), "61 s");
    equal(elapsed(185_000), "3 min 5 s");
    equal(elapsed(179_900), "3 min 0 s");
  });
});
