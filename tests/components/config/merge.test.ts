import assert from "node:assert/strict";
import fc from "fast-check";
import { merge } from "../../../components/config/merge.ts";

describe("config/merge", () => {
  it("lays objects over each other and replaces everything else", () => {
    assert.deepEqual(merge({ a: { b: 1, c: [1] }, d: 1 }, { a: { c: [2] }, d: { e: 1 } }), {
      a: { b: 1, c: [2] },
      d: { e: 1 },
    });
  });
  it("changes nothing where nothing is given", () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => assert.deepEqual(merge(value, undefined), value)));
  });
  it("keeps what is given", () => {
    const object = fc.dictionary(
      fc.string().filter((key) => key !== "__proto__"),
      fc.integer(),
    );
    fc.assert(
      fc.property(object, object, (base, over) => {
        const merged = merge(base, over) as Record<string, unknown>;
        for (const [key, value] of Object.entries(over)) assert.equal(merged[key], value);
        assert.deepEqual(new Set(Object.keys(merged)), new Set([...Object.keys(base), ...Object.keys(over)]));
      }),
    );
  });
});
