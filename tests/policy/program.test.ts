import { deepEqual, equal } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { runtime } from "@pulumi/pulumi";
import { loadConfig } from "../../components/config/load.ts";
import { DeepSeekOcr } from "../../components/index.ts";
import { rules } from "../../policy/rules/index.ts";
import { record } from "../../tools/render/record.ts";
import { stackFileSource, withSecrets } from "../../tools/render/stackFile.ts";

/** The rules on what the program really registers, for each location that the repository describes. */
describe("the program's own resources", () => {
  const packaged = `
    deepseek-ocr:images: { head: "registry.example/ocr-head:1.0.0" }
    deepseek-ocr:pdfLibraries: { install: required, index: "https://pypi.example/simple" }`;

  for (const [stack, more, what] of [
    ["dev", "", ""],
    ["prod", "", ""],
    ["prod", packaged, " with an image of the head's own and PDF libraries"],
    ["kind", "", ""],
  ] as const) {
    it(`keep every rule: ${stack}${what}`, async () => {
      const file = readFileSync(new URL(`../../Pulumi.${stack}.yaml`, import.meta.url), "utf8");
      const source = stackFileSource(`${file.trimEnd()}${more.replaceAll("\n    ", "\n  ")}\n`);
      const { settings, secrets } = loadConfig(
        withSecrets(source, stack === "kind" ? [] : ["tailscaleOauthClientSecret"]),
      );
      const recorded = await record(() => new DeepSeekOcr("deepseek-ocr", { ...settings, secrets }), stack);
      const custom = recorded.filter((resource) => resource.custom);
      equal(
        custom.some(({ type }) => type === "kubernetes:ray.io/v1:RayService"),
        true,
      );
      const violations = custom.flatMap(({ type, name, inputs }) =>
        rules.flatMap((rule) =>
          rule.check({ type, name, props: plain(inputs) }).map((said) => `${rule.name}: ${name}: ${said}`),
        ),
      );
      deepEqual(violations, []);
    });
  }
});

/** Mocks record secrets wrapped; the engine hands policies what is inside. */
function plain(value: unknown): never {
  if (Array.isArray(value)) return value.map(plain) as never;
  if (typeof value !== "object" || value === null) return value as never;
  if (runtime.isRpcSecret(value)) return plain(runtime.unwrapRpcSecret(value));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)])) as never;
}
