import { deepEqual } from "node:assert/strict";
import { FIRST, freshLocations, GOOD } from "./fakeLocations.ts";

describe("apply", () => {
  const fresh = freshLocations((locations) => locations.deployGood());
  const story = ["preview one with policy", "up one with policy"];
  const harmless = {
    interrupted: "error: update canceled",
    "concurrent-update": "[409] Conflict: Another update is currently in progress",
    passphrase: "error: incorrect passphrase",
    "no-backend": "error: not logged in",
    "cluster-unreachable": "configured Kubernetes cluster is unreachable: timeout",
  };
  for (const [kind, late] of Object.entries(harmless)) {
    it(`rolls back and records nothing after "${kind}"`, async () => {
      await fresh().describe("one", { text: "new", fails: { late } });
      const told = await fresh().run("up --stack one");
      deepEqual([told.problem?.kind, told.story, told.checkpoints], [kind, story, [FIRST]]);
    });
  }

  it("rolls back and records nothing where an update ended before its first step", async () => {
    await fresh().describe("one", { text: "new", fails: { early: "error: the program threw" } });
    const told = await fresh().run("up --stack one");
    deepEqual([told.problem?.kind, told.problem?.what, told.story], ["update-failed", "the program threw", story]);
  });

  it("proves nothing where Ctrl-C was pressed during an update that went well", async () => {
    await fresh().describe("one", { text: `${GOOD} ` });
    fresh().during = (what) => what === "up" && fresh().pressCtrlC();
    const told = await fresh().run("up --stack one");
    deepEqual([told.problem?.kind, told.changes?.length, told.smoke, told.story], ["interrupted", 1, undefined, story]);
  });
});
