import { deepEqual, equal } from "node:assert/strict";
import { engineError, freshLocations } from "./fakeLocations.ts";

describe("prove", () => {
  const fresh = freshLocations(async (locations) => {
    await locations.deployGood();
    await locations.describe("one", { text: "new" });
  });
  const story = ["preview one with policy", "up one with policy"];

  it("judges nothing where Ctrl-C stopped it, and rolls nothing back", async () => {
    fresh().during = (what) => {
      if (what === "outputs") throw engineError("^C received; cancelling");
    };
    const told = await fresh().run("up --stack one");
    deepEqual([told.problem?.kind, told.changes?.length, told.story], ["interrupted", 1, story]);
  });

  it("starts no rollback once Ctrl-C was pressed while a page was read", async () => {
    fresh().during = (what) => what === "page" && fresh().pressCtrlC();
    const told = await fresh().run("up --stack one");
    deepEqual([told.problem?.kind, told.story], ["interrupted", [...story, "up failed none"]]);
  });

  it("finds nothing to check where nothing is deployed", async () => {
    const { problem } = await fresh().run("smoke --stack two");
    equal(problem?.what, "The stack has no output `endpoint`: nothing is deployed.");
  });
});
