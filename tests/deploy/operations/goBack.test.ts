import { deepEqual, equal, match } from "node:assert/strict";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { engineError, type FakeLocations, FIRST, freshLocations, GOOD } from "./fakeLocations.ts";

const BAD = { text: "nothing of the kind" };
const failed = ["preview one with policy", "up one with policy"];

describe("goBack, without an earlier good deploy", () => {
  const fresh = freshLocations();

  it("leaves what failed as it is and says why", async () => {
    await fresh().describe("one", { text: GOOD, fails: { late: "error: no such image" } });
    const { problem, notes, story } = await fresh().run("up --stack one");
    deepEqual([problem?.kind, problem?.what, story], ["update-failed", "no such image", [...failed, "up failed none"]]);
    deepEqual(notes, ["There is no earlier good deploy to go back to; this one was left as it is."]);
  });
});

describe("goBack", () => {
  const fresh = freshLocations((locations) => locations.deployGood());
  const bad = {
    "an update that fails half-way": [
      { text: GOOD, fails: { late: "error: no such image" } },
      /^update-failed: no such image$/,
    ],
    "a service that does not work": [BAD, /^smoke: streaming: Page "page" came back with \d\d\.\d % wrong/],
    "a score that falls": [
      { text: GOOD.replace("418", "4l8") },
      /^gate: The .* accuracy fell from 100\.0 % to 97\.5 %/,
    ],
  } as const;
  for (const [name, [description, what]] of Object.entries(bad)) {
    it(`deploys the last good checkpoint again after ${name}, whatever the policy says by now`, async () => {
      await fresh().describe("one", description);
      const { problem, rollback, story, checkpoints } = await fresh().run("up --stack one");
      equal(problem?.kind, "rolled-back");
      match(problem.what, what);
      deepEqual([rollback?.checkpoint, rollback?.result, checkpoints], [FIRST, "restored", [FIRST]]);
      deepEqual(story, [...failed, "up one", "up failed none", `rollback good ${FIRST}`]);
      equal(fresh().service.behaviour.text, GOOD);
    });
  }

  it("does not go back to what just failed", async () => {
    fresh().service.behaviour.chatStatus = 503;
    const { problem, notes, story } = await fresh().run("up --stack one");
    deepEqual([problem?.kind, story], ["smoke", [...failed, "up failed none"]]);
    deepEqual(notes, ["This is the last good deploy itself; there is nothing else to go back to."]);
  });

  it("does nothing with --no-rollback", async () => {
    await fresh().describe("one", BAD);
    const { problem, rollback, story } = await fresh().run("up --stack one --no-rollback");
    deepEqual([problem?.kind, rollback, story], ["smoke", undefined, [...failed, "up failed none"]]);
  });

  /** Deploys what is bad; going back from it ends with an error of the engine. */
  async function goBackInVain(locations: FakeLocations, error: string) {
    await locations.describe("one", BAD);
    locations.during = (what) => {
      if (what === "up" && locations.calls.includes("up one")) throw engineError(error);
    };
    return locations.run("up --stack one");
  }

  it("reports the first problem and the rollback where going back fails too", async () => {
    const { problem, rollback } = await goBackInVain(fresh(), "error: no space left");
    equal(problem?.kind, "smoke");
    deepEqual(rollback, { checkpoint: FIRST, result: "failed", detail: "no space left" });
  });

  it("reports the first problem where the checkpoint cannot be laid out", async () => {
    await fresh().describe("one", BAD);
    await rm(join(fresh().folder, "state/one/checkpoints", FIRST, "stack.yaml"));
    const { problem, rollback } = await fresh().run("up --stack one");
    equal(problem?.kind, "smoke");
    deepEqual([rollback?.checkpoint, rollback?.result], [FIRST, "failed"]);
    match(rollback?.detail ?? "", /stack\.yaml/);
  });

  it("names the command that finishes a rollback that was interrupted", async () => {
    const { problem } = await goBackInVain(fresh(), "error: update canceled");
    equal(problem?.kind, "interrupted");
    match(problem.what, /^streaming: [\s\S]*\nGoing back was interrupted\.$/);
    equal(problem.advice, "Run `npm run deploy -- rollback --stack one` to finish it.");
  });
});
