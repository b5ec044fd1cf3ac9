import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { settingsSchema } from "../../../components/config/schema/index.ts";
import { secretNames } from "../../../components/config/secrets.ts";
import { leavesOf, topLevel } from "../../../tools/generate/describe.ts";
import { generatedFiles } from "../../../tools/generate/index.ts";

describe("generate", function () {
  this.timeout(60_000);
  for (const [path, text] of Object.entries(generatedFiles())) {
    it(`${path} is as \`npm run generate\` makes it`, () => assert.equal(readFileSync(path, "utf8"), text));
  }

  it("describes every setting", () => {
    for (const entry of topLevel().flatMap(leavesOf)) assert.ok((entry.node.description ?? "").length > 10, entry.path);
  });

  it("declares every key in Pulumi.yaml, with a default so that no stack has to name it", () => {
    const { config } = parse(readFileSync("Pulumi.yaml", "utf8")) as { config: Record<string, { default?: unknown }> };
    assert.deepEqual(Object.keys(config), [...Object.keys(settingsSchema.shape), ...secretNames]);
    const required = Object.entries(config).filter(([, declaration]) => !("default" in declaration));
    assert.deepEqual(
      required.map(([key]) => key),
      ["location"],
    );
  });
});
