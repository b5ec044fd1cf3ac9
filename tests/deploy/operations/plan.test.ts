import { deepEqual } from "node:assert/strict";
import { freshLocations, GOOD } from "./fakeLocations.ts";

describe("plan", () => {
  const fresh = freshLocations();
  const refused = {
    "violates a rule": [{ violates: "Set a limit." }, "policy", "rule: the stack: Set a limit."],
    "cannot be previewed": [{ fails: { preview: "error: no such chart" } }, "update-failed", "no such chart"],
  } as const;
  for (const [name, [description, kind, what]] of Object.entries(refused)) {
    it(`touches nothing and records nothing where a stack ${name}`, async () => {
      await fresh().describe("one", { text: GOOD, ...description });
      const { problem, story, checkpoints } = await fresh().run("up --stack one");
      deepEqual([problem?.kind, problem?.what, checkpoints], [kind, what, []]);
      deepEqual(story, ["preview one with policy"]);
    });
  }

  it("removes a lock, and settles what an earlier run left half done, before it previews", async () => {
    await fresh().describe("one", { text: GOOD });
    const urn = "urn:pulumi:one::deepseek-ocr::random:index:Password::key";
    fresh().pending = [{ type: "creating", resource: { urn, type: "random:index:Password" } }];
    const { notes, story } = await fresh().run("up --stack one --unlock --no-policy --no-smoke");
    deepEqual(notes, ["An earlier run was cut off before it created key: it will be created now."]);
    const refresh = "refresh --yes --skip-preview --stack one --clear-pending-creates";
    deepEqual(story, ["cancel one", refresh, "preview one", "up one", "up unchecked none"]);
  });
});
