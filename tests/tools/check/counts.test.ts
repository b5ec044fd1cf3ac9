import { deepEqual, equal } from "node:assert/strict";
import { mochaCounts, pytestCounts, skipReasons, summary } from "../../../tools/check/counts.ts";

describe("counts", () => {
  it("reads mocha's summary", () => {
    deepEqual(mochaCounts("  a\n    ✔ b\n\n  12 passing (3s)\n  2 pending\n  1 failing\n\n  1) a\n"), {
      passed: 12,
      failed: 1,
      skipped: 2,
    });
    equal(mochaCounts("SyntaxError: no"), undefined);
  });

  it("reads pytest's last line", () => {
    const output =
      "SKIPPED [1] tests/a.py:3: no pages here\n1 failed, 41 passed, 3 skipped, 2 errors, 1 xfailed in 6.15s (0:00:06)\n";
    deepEqual(pytestCounts(output), { passed: 42, failed: 3, skipped: 3 });
    deepEqual(pytestCounts("no tests ran in 0.01s"), { passed: 0, failed: 0, skipped: 0 });
    equal(pytestCounts("ModuleNotFoundError"), undefined);
  });

  it("gives each reason for skipping once", () => {
    const output =
      "SKIPPED [4] tests/a.py:3: ../shared/pages is missing\nSKIPPED [1] tests/b.py:9: ../shared/pages is missing\n";
    deepEqual(skipReasons(output), ["../shared/pages is missing"]);
  });

  it("has the form that CI reads", () =>
    equal(summary({ passed: 3, failed: 0, skipped: 1 }), "3 passed, 0 failed, 1 skipped"));
});
