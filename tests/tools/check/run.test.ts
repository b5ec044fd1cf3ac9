import { deepEqual, equal, match } from "node:assert/strict";
import { pytestCounts } from "../../../tools/check/counts.ts";
import { inParallel, type Outcome, report, runStep } from "../../../tools/check/run.ts";
import { groups, type Step, steps } from "../../../tools/check/steps.ts";

const node = (program: string, extra: Partial<Step> = {}): Step => ({
  name: "a step",
  group: "lint",
  command: process.execPath,
  args: ["-e", program],
  directory: ".",
  ...extra,
});

describe("one step of npm test", () => {
  it("counts a checker as one", async () => {
    deepEqual((await runStep(node(""))).counts, { passed: 1, failed: 0, skipped: 0 });
    const failure = await runStep(node("console.error('why'); process.exit(3)"));
    deepEqual(failure.counts, { passed: 0, failed: 1, skipped: 0 });
    match(failure.output, /why/);
  });

  it("counts tests, and fails where a runner ends well without saying how many", async () => {
    const step = node("console.log('4 passed in 0.1s')", { counts: pytestCounts });
    deepEqual((await runStep(step)).counts, { passed: 4, failed: 0, skipped: 0 });
    const silent = await runStep(node("", { counts: pytestCounts }));
    equal(silent.ok, false);
    equal(silent.counts.failed, 1);
  });

  it("fails where the program is not there", async () => {
    equal((await runStep({ ...node(""), command: "/no/such/program" })).ok, false);
  });
});

describe("report of npm test", () => {
  const outcome = (passed: number, failed: number, output = ""): Outcome => ({
    name: "x",
    ok: failed === 0,
    counts: { passed, failed, skipped: 0 },
    output,
    milliseconds: 1,
  });
  const run = (...outcomes: Outcome[]) => {
    const lines: string[] = [];
    const code = report(outcomes, 1, (line) => lines.push(line));
    return { code, lines };
  };

  it("ends with the line that CI reads", () => {
    const { code, lines } = run(outcome(2, 0), outcome(3, 0));
    equal(code, 0);
    equal(lines.at(-1), "5 passed, 0 failed, 0 skipped");
  });

  it("shows the output of what failed, and fails", () => {
    const { code, lines } = run(outcome(2, 0, "quiet"), outcome(3, 1, "the reason"));
    equal(code, 1);
    match(lines.join("\n"), /the reason/);
    equal(lines.join("\n").includes("quiet"), false);
  });

  it("fails where no test ran", () => equal(run(outcome(0, 0)).code, 1));
});

describe("steps of npm test", () => {
  it("belong to a group each, and each group has some", () =>
    deepEqual(new Set(steps("python").map(({ group }) => group)), new Set(groups)));

  it("run in order, at most so many at once", async () => {
    let running = 0;
    let most = 0;
    const results = await inParallel([5, 1, 3, 2], 2, async (ms) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, ms));
      running--;
      return ms * 2;
    });
    deepEqual(results, [10, 2, 6, 4]);
    equal(most, 2);
  });
});
