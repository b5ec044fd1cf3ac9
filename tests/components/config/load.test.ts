import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { ConfigError } from "../../../components/config/errors.ts";
import { type LoadedConfig, loadConfig } from "../../../components/config/load.ts";
import { stackFileSource, withSecrets } from "../../../tools/render/stackFile.ts";

/** The configuration as the engine hands it to a program: everything is text, objects are JSON. */
function fromEngine(config: Readonly<Record<string, unknown>>, secretKeys: readonly string[] = []): LoadedConfig {
  const texts = Object.entries(config).map(([key, value]) => [
    `deepseek-ocr:${key}`,
    typeof value === "object" ? JSON.stringify(value) : String(value),
  ]);
  const keys = secretKeys.map((key) => `deepseek-ocr:${key}`);
  pulumi.runtime.setAllConfig(Object.fromEntries(texts), keys);
  return loadConfig();
}

const good = { location: "hel1", exposure: "none" };

describe("config/load", () => {
  before(() => {
    pulumi.runtime.setMocks({ newResource: () => ({ id: "x", state: {} }), call: () => ({}) }, "deepseek-ocr", "test");
  });

  it("reads text, numbers inside objects and lists", () => {
    const { settings } = fromEngine({ ...good, scaling: { maxReplicas: 3 }, images: { pullSecrets: ["a"] } });
    assert.equal(settings.location, "hel1");
    assert.equal(settings.scaling.maxReplicas, 3);
    assert.deepEqual(settings.images.pullSecrets, ["a"]);
  });

  it("hands secrets on as secrets and keeps them out of the settings", async () => {
    const { settings, secrets } = fromEngine({ ...good, apiKey: "s3cret" }, ["apiKey"]);
    assert.ok(!JSON.stringify(settings).includes("s3cret"));
    assert.deepEqual(Object.keys(secrets), ["apiKey"]);
    assert.equal(await pulumi.isSecret(secrets.apiKey as pulumi.Output<string>), true);
  });

  it("refuses a secret in plain text without repeating it", () => {
    assert.throws(
      () => fromEngine({ ...good, apiKey: "s3cret" }),
      (error: Error) => {
        assert.ok(error instanceof ConfigError);
        assert.deepEqual(
          error.problems.map(({ key, seen }) => [key, seen]),
          [["apiKey", "plain text"]],
        );
        assert.match(error.message, /pulumi config set --secret apiKey/);
        return !error.message.includes("s3cret");
      },
    );
  });

  it("takes the empty defaults of Pulumi.yaml for absent secrets", () => {
    assert.deepEqual(fromEngine({ ...good, apiKey: "", huggingFaceToken: "" }).secrets, {});
  });

  it("refuses a setting that is encrypted, without repeating it", () => {
    assert.throws(() => fromEngine({ location: "hel1" }, ["location"]), /location: this setting is not a secret/);
  });

  it("refuses secrets in a section, as the component takes them, without repeating them", () => {
    const config = { ...good, secrets: { apiKey: "s3cret" } };
    for (const encrypted of [[], ["secrets"]]) {
      assert.throws(
        () => fromEngine(config, encrypted),
        (error: Error) => /secrets: set each secret by itself/.test(error.message) && !error.message.includes("s3cret"),
      );
    }
  });

  it("names a key that there is not", () => {
    assert.throws(() => fromEngine({ ...good, enigne: "cpu" }), /enigne: there is no such setting/);
  });

  it("prints no stack trace: Pulumi knows the error as one for the user", () => {
    try {
      fromEngine({});
      assert.fail("accepted an empty configuration");
    } catch (error) {
      assert.ok(pulumi.RunError.isInstance(error));
    }
  });

  it("reads a stack file to the same settings", () => {
    const yaml = "config:\n  deepseek-ocr:location: hel1\n  deepseek-ocr:exposure: none\n  other:key: 1\n";
    assert.deepEqual(loadConfig(stackFileSource(yaml)).settings, fromEngine(good).settings);
  });

  it("knows encrypted values of a stack file, and assumed ones", async () => {
    const yaml =
      "config:\n  deepseek-ocr:location: hel1\n  deepseek-ocr:exposure: none\n  deepseek-ocr:apiKey:\n    secure: v1:abc\n";
    const { secrets } = loadConfig(withSecrets(stackFileSource(yaml), ["redisPassword"]));
    assert.deepEqual(Object.keys(secrets).sort(), ["apiKey", "redisPassword"]);
  });
});
