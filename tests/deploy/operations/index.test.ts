import { deepEqual, equal } from "node:assert/strict";
import { FIRST, freshLocations, GOOD } from "./fakeLocations.ts";

describe("carryOut", () => {
  const fresh = freshLocations((locations) => locations.deployGood());

  it("previews, and finds changes a problem only with --expect-no-changes", async () => {
    const planned = await fresh().run("preview --stack one");
    deepEqual([planned.problem, planned.story], [undefined, ["preview one with policy"]]);
    const { problem } = await fresh().run("preview --stack one --expect-no-changes");
    deepEqual([problem?.kind, problem?.what], ["drift", "Nothing should change, but this would: 1 create."]);
  });

  it("shows drift", async () => {
    const { problem } = await fresh().run("drift --stack one");
    deepEqual([problem?.kind, problem?.what], ["drift", "changed: ray.io/v1:RayService service"]);
  });

  it("records what a check found, and rolls nothing back", async () => {
    deepEqual((await fresh().run("smoke --stack one")).story, ["smoke good none"]);
    fresh().serve(GOOD.replace("418", "4l8"));
    const { problem, story } = await fresh().run("smoke --stack one");
    deepEqual([problem?.kind, story], ["gate", ["smoke failed none"]]);
  });

  it("tells what is known about a location, until it is destroyed", async () => {
    const { status } = await fresh().run("status --stack one");
    deepEqual([status?.version, status?.engine, status?.checkpoints], ["ray:1", "cpu, ready", [FIRST]]);
    deepEqual((await fresh().run("destroy --stack one --yes")).story, ["destroy one"]);
    equal((await fresh().run("status --stack one")).status?.engine, "not deployed");
  });
});
