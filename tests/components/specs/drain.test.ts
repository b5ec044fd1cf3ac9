import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { drainLifecycle } from "../../../components/specs/drain.ts";

/** Runs the hook with commands of its own, and returns those that it called; each look sees the next number of pages. */
function drain(pages: readonly (number | "no answer")[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), "ocr-drain-"));
  const calls = join(folder, "calls");
  const command = (name: string, script: string) =>
    writeFileSync(join(folder, name), `#!/bin/bash\n${script}\n`, { mode: 0o755 });
  try {
    writeFileSync(join(folder, "looks"), `${pages.join("\n")}\n`);
    command(
      "wget",
      `n=$(head -1 ${folder}/looks); sed -i 1d ${folder}/looks; echo look >> ${calls}
       [ "$n" = "no answer" ] || echo "ray_serve_num_ongoing_http_requests{route=\\"/\\"} $n"`,
    );
    command("sleep", `echo "sleep $1" >> ${calls}`);
    command("ray", `echo "ray $1" >> ${calls}`);
    const [bash = "", ...args] = drainLifecycle.preStop.exec.command;
    const { status, stderr } = spawnSync(bash, args, {
      env: { PATH: `${folder}:${process.env.PATH}` },
      encoding: "utf8",
      timeout: 10_000,
    });
    assert.equal(status, 0, stderr);
    return readFileSync(calls, "utf8").trim().split("\n");
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const looks = (calls: readonly string[]) => calls.filter((call) => call === "look").length;

describe("specs/drain", () => {
  it("stops an idle worker after two looks", () => {
    const calls = drain([0, 0]);
    assert.deepEqual([looks(calls), calls.at(-1)], [2, "ray stop"]);
  });

  it("waits for its pages, and starts over where another comes", () => {
    assert.equal(looks(drain([3, 1, 0, 2, 0, 0])), 6);
  });

  it("does not wait for a Ray that no longer answers", () => {
    assert.equal(looks(drain(["no answer", "no answer"])), 2);
  });

  it("looks again only after Ray has published its gauges, which it does every 10 s", () => {
    const pauses = drain([1, 0, 0]).flatMap((call) => /^sleep (\d+)$/.exec(call)?.[1] ?? []);
    assert.equal(pauses.length, 2);
    for (const pause of pauses) assert.ok(Number(pause) > 10, pause);
  });
});
