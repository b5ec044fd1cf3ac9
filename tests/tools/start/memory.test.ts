import { equal, match } from "node:assert/strict";
import { memoryProblem } from "../../../tools/start/memory.ts";

describe("memory", () => {
  it("is enough on a machine with 4 GB free", () => equal(memoryProblem("cpu", 4 * 2 ** 30), undefined));
  it("says what is there and what is needed", () =>
    match(memoryProblem("cpu", 2 ** 30) ?? "", /1\.0 GB are free .* needs \d\.\d GB/));
});
