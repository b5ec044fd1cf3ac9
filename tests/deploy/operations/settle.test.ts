import { deepEqual, equal } from "node:assert/strict";
import { FIRST, freshLocations, GOOD, SECOND } from "./fakeLocations.ts";

describe("settle", () => {
  const fresh = freshLocations((locations) => locations.describe("one", { text: GOOD }));
  const applied = ["preview one with policy", "up one with policy"];

  it("keeps a checkpoint of what was found good, records it and reports it", async () => {
    const report = await fresh().run("up --stack one");
    deepEqual(
      [report.problem, report.story, report.checkpoints],
      [undefined, [...applied, `up good ${FIRST}`], [FIRST]],
    );
    deepEqual(report.outputs, { endpoint: fresh().service.url, modelId: "deepseek-ocr" });
    deepEqual(Object.keys(report.seconds ?? {}), ["preview", "up", "smoke", "golden"]);
    deepEqual([report.changes?.[0]?.result, report.score?.accuracy, report.notes], ["done", 1, []]);
    const { upSeconds, pagesPerSecond, score, ...record } = report.history?.at(-1) ?? {};
    equal(score, report.score);
    deepEqual(record, {
      time: "2026-01-01T00:00:00.000Z",
      kind: "up",
      outcome: "good",
      checkpoint: FIRST,
      identity: { app: undefined, images: ["ray:1"], model: undefined, digests: undefined },
      commit: undefined,
      wakeSeconds: undefined,
      smokePassed: true,
    });
    await fresh().describe("one", { text: GOOD, image: "ray:2" });
    const next = await fresh().run("up --stack one");
    deepEqual([next.lastScore?.accuracy, next.checkpoints], [1, [FIRST, SECOND]]);
  });

  it("keeps no checkpoint of what was not checked", async () => {
    const { problem, story, checkpoints } = await fresh().run("up --stack one --no-smoke");
    deepEqual([problem, story, checkpoints], [undefined, [...applied, "up unchecked none"], []]);
    equal(fresh().service.requests, 0);
  });
});
