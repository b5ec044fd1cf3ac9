import { deepEqual } from "node:assert/strict";
import { UvProgress } from "../../../tools/python/uvProgress.ts";

describe("progress of uv", () => {
  it("says how many packages there are, how many large ones are done, and what is under way", () => {
    const progress = new UvProgress();
    const lines = [
      "Using Python 3.11.7 environment at: .venv",
      "Resolved 124 packages in 2.83s",
      "Downloading ray (75.6MiB)",
      "   Building antlr4-python3-runtime==4.9.3",
      " Downloaded ray",
      "      Built antlr4-python3-runtime==4.9.3",
      "Prepared 124 packages in 15.88s",
      " + ray==2.60.0",
    ];
    deepEqual(
      lines.map((line) => progress.read(line)),
      [
        "",
        "124 packages",
        "124 packages, 0 of 1 large ones done: ray (75.6MiB)",
        "124 packages, 0 of 2 large ones done: ray (75.6MiB)",
        "124 packages, 1 of 2 large ones done: antlr4-python3-runtime==4.9.3",
        "124 packages",
        "124 packages, unpacking",
        "124 packages, unpacking",
      ],
    );
  });
});
