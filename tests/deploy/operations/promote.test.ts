import { deepEqual, equal } from "node:assert/strict";
import { FIRST, freshLocations, GOOD, SECOND, THIRD } from "./fakeLocations.ts";

describe("promote", () => {
  const fresh = freshLocations(async (locations) => {
    await locations.deployGood("dev");
    await locations.deployGood("prod", { text: `${GOOD} ` });
  });
  const promote = () => fresh().run("promote --stack dev --to prod");
  const applied = ["preview prod with policy", "up prod with policy"];
  const mismatch = "This is not what runs at dev:\nimages: ray:2 instead of ray:1";

  it("deploys what runs, with the destination's own configuration", async () => {
    const { problem, notes, story } = await promote();
    const difference = `config text: "${GOOD}" at dev, "${GOOD} " at prod`;
    deepEqual([problem, notes], [undefined, [`Promoting checkpoint ${FIRST} of dev.`, difference]]);
    deepEqual(story, [...applied, `promote good ${THIRD}`]);
  });

  it("stops before anything is touched where the preview shows something else", async () => {
    await fresh().describe("prod", { text: GOOD, image: "ray:2" });
    const { problem, story, checkpoints } = await promote();
    deepEqual([problem?.kind, problem?.what], ["promotion", mismatch]);
    deepEqual([story, checkpoints], [["preview prod with policy"], [SECOND]]);
  });

  it("rolls back where something else runs afterwards", async () => {
    await fresh().describe("prod", { text: GOOD, imageInState: "ray:2" });
    const { problem, rollback, story } = await promote();
    deepEqual([problem?.kind, problem?.what], ["rolled-back", `promotion: ${mismatch}`]);
    deepEqual([rollback?.checkpoint, rollback?.result], [SECOND, "restored"]);
    deepEqual(story, [...applied, "up prod", "promote failed none", `rollback good ${SECOND}`]);
  });

  it("takes only what was found good", async () => {
    await fresh().run(`rollback --stack dev --checkpoint ${FIRST} --no-smoke`);
    const { problem, story } = await promote();
    equal(problem?.what, 'What runs at dev was not found good: its last deploy was "unchecked".');
    deepEqual(story, []);
  });
});
