import assert from "node:assert/strict";
import { parseQuantity } from "../../../components/config/quantity.ts";

describe("config/quantity", () => {
  for (const [quantity, value] of [
    ["8Gi", 8 * 2 ** 30],
    ["500m", 0.5],
    ["4", 4],
    ["1.5", 1.5],
    ["2G", 2e9],
    ["512Mi", 512 * 2 ** 20],
  ] as const) {
    it(`${quantity} is ${value}`, () => assert.equal(parseQuantity(quantity), value));
  }
  it("is NaN for anything else", () => assert.ok(Number.isNaN(parseQuantity("8 GB"))));
});
