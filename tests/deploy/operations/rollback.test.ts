import { deepEqual, equal } from "node:assert/strict";
import { FIRST, freshLocations, GOOD, SECOND } from "./fakeLocations.ts";

describe("rollback", () => {
  const fresh = freshLocations((locations) => locations.deployGood());

  it("goes back to the newest checkpoint that is not running, or to the one that is named", async () => {
    await fresh().deployGood("one", { text: `${GOOD} ` });
    const { problem, rollback, story } = await fresh().run("rollback --stack one");
    deepEqual([problem, rollback?.result, story], [undefined, "restored", ["up one", `rollback good ${FIRST}`]]);
    equal(fresh().service.behaviour.text, GOOD);
    const named = await fresh().run(`rollback --stack one --checkpoint ${SECOND} --no-smoke`);
    deepEqual(named.story, ["up one", `rollback unchecked ${SECOND}`]);
  });

  it("touches nothing where there is no such checkpoint", async () => {
    const { problem, story } = await fresh().run("rollback --stack one --checkpoint 1999");
    deepEqual([problem?.kind, story], ["usage", []]);
    equal(problem?.what, `There is no checkpoint 1999 of one; there are ${FIRST}.`);
    const unnamed = await fresh().run("rollback --stack one");
    equal(unnamed.problem?.what, "There is no earlier good deploy of one to go back to.");
  });
});
