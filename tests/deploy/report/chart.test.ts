import { deepEqual, equal, match } from "node:assert/strict";
import fc from "fast-check";
import { historyChart, sparkline } from "../../../deploy/report/chart.ts";
import { costOf, sayCost } from "../../../deploy/report/cost.ts";
import { exitCodeOf } from "../../../deploy/report/exitCode.ts";
import type { HistoryRecord } from "../../../deploy/state/history.ts";

const record = (over: Partial<HistoryRecord>): HistoryRecord => ({ time: "t", kind: "up", outcome: "good", ...over });

describe("sparkline", () => {
  it("goes from the least to the greatest", () => {
    equal(sparkline([0, 1, 2, 3, 4, 5, 6, 7]), "▁▂▃▄▅▆▇█");
    equal(sparkline([5, 5]), "██");
  });

  it("has a bar for each value", () => {
    const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 50 });
    fc.assert(fc.property(values, (list) => equal([...sparkline(list)].length, list.length)));
  });
});

describe("historyChart", () => {
  it("draws what has at least two values", () => {
    const history = [0.9, 0.96, 1].map((accuracy) => record({ score: { accuracy, pages: [] }, upSeconds: 20 }));
    const chart = historyChart(history).join("\n");
    match(chart, /\| character accuracy \| ▁▅█ \| 90\.0 % \| 100\.0 % \| 100\.0 % \|/);
    equal(chart.includes("wake"), false);
  });

  it("is nothing without a past", () => deepEqual(historyChart([record({ upSeconds: 1 })]), []));
});

describe("costOf", () => {
  const location = { gpus: { most: 2, least: 0 }, gpusPerReplica: 1 };
  const price = { gpuPricePerHour: 3.6, currency: "EUR" };

  it("is what the GPUs cost while they read a million pages", () => {
    equal(costOf(price, location, { pagesPerSecond: 2, replicas: 1 }).perMillionPages, 500);
    equal(costOf(price, location, { pagesPerSecond: 2, replicas: 2 }).perMillionPages, 1_000);
    equal(sayCost(costOf(price, location, { pagesPerSecond: 2, replicas: 1 })), "500 EUR per million pages");
  });

  it("says what is missing to know it", () => {
    const noGpu = { gpus: { most: 0, least: 0 }, gpusPerReplica: 0 };
    equal(sayCost(costOf(undefined, location, { pagesPerSecond: 2, replicas: 1 })), "no GPU price in deploy.yaml");
    equal(sayCost(costOf(price, location, undefined)), "not measured yet");
    equal(sayCost(costOf(price, noGpu, { pagesPerSecond: 2, replicas: 1 })), "no GPU");
  });
});

describe("exitCodeOf", () => {
  const problem = (kind: "gate" | "rolled-back" | "passphrase" | "interrupted") => ({
    stack: kind,
    problem: { kind, what: "", advice: "" },
  });

  it("is that of the gravest location, and of an interrupt before all", () => {
    equal(exitCodeOf([{ stack: "a" }]), 0);
    equal(exitCodeOf([{ stack: "a" }, problem("passphrase")]), 8);
    equal(exitCodeOf([problem("rolled-back"), problem("gate"), problem("passphrase")]), 4);
    equal(exitCodeOf([problem("gate"), problem("interrupted")]), 130);
  });
});
