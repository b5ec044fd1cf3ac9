import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { parse } from "yaml";
import { renderServeConfig, serveNames, toYaml } from "../../../components/specs/serveConfig.ts";
import { python } from "../../helpers/python.ts";
import { cpuSettings, gpuSettings } from "../../helpers/settings.ts";

function keysUnknownToRay(yaml: string): string[] {
  const output = execFileSync(python ?? "", ["tests/components/specs/serve_schema.py"], {
    input: yaml,
    encoding: "utf8",
  });
  return JSON.parse(output) as string[];
}

describe("specs/serveConfig", () => {
  const config = renderServeConfig(gpuSettings({ app: { limits: { max_images: 2 } } }));
  const [application] = config.applications;
  const [api, engine] = application?.deployments ?? [];

  it("names what serve-app builds", () => {
    assert.equal(application?.import_path, "ocr_app.app:build");
    assert.equal(application?.route_prefix, "/");
    assert.deepEqual([api?.name, engine?.name], [serveNames.api, serveNames.engine]);
  });

  it("hands the application its settings and nothing of the stack", () => {
    assert.deepEqual(application?.args, { engine: "vllm", limits: { max_images: 2 } });
  });

  it("keeps one front on the head, and engines off it", () => {
    assert.equal(api?.num_replicas, 1);
    assert.equal(api?.autoscaling_config, undefined);
    assert.deepEqual(api?.ray_actor_options, { num_cpus: 0, resources: { "node:__internal_head__": 0.001 } });
    assert.ok((engine?.ray_actor_options.num_cpus ?? 0) > 0);
  });

  it("gives a CPU engine no GPU", () => {
    const [, cpu] = renderServeConfig(cpuSettings()).applications[0]?.deployments ?? [];
    assert.equal(cpu?.ray_actor_options.num_gpus, 0);
  });

  it("leaves deadlines to the front: Ray's own cut streams and answer without a body", () => {
    assert.ok(!("request_timeout_s" in config.http_options));
  });

  it("leaves the log of requests to the front: Serve would write three more lines for each", () => {
    assert.equal(config.logging_config.enable_access_log, false);
  });

  it("listens where it is told, for a laptop", () => {
    const local = renderServeConfig(cpuSettings(), { host: "127.0.0.1", port: 8123 });
    assert.equal(local.http_options.host, "127.0.0.1");
    assert.equal(local.http_options.port, 8123);
  });

  it("uses only keys that Ray knows", function () {
    if (!python) {
      console.log("      skipped: no .venv here; `npm test` makes it");
      this.skip();
    }
    this.timeout(60_000);
    assert.deepEqual(keysUnknownToRay(toYaml(config)), []);
    const misspelled = toYaml(config).replace("upscale_delay_s", "upscale_delay");
    assert.deepEqual(keysUnknownToRay(misspelled), ["Engine.autoscaling_config.upscale_delay"]);
  });

  it("writes the same text whatever the order of keys", () => {
    const yaml = toYaml({ b: { d: 1, c: [{ f: 1, e: 2 }] }, a: 1 });
    assert.equal(yaml, toYaml({ a: 1, b: { c: [{ e: 2, f: 1 }], d: 1 } }));
  });

  it("writes YAML that reads back as it was", () => {
    fc.assert(
      // JSON has no -0, which YAML would keep.
      fc.property(
        fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value))),
        (value) => assert.deepEqual(parse(toYaml(value)), value),
      ),
    );
  });
});
