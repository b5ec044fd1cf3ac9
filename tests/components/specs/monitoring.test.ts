import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { renderGrafanaDashboard } from "../../../components/specs/grafanaDashboard.ts";
import { renderPodMonitors } from "../../../components/specs/podMonitors.ts";
import { gpuSettings } from "../../helpers/settings.ts";

const on = gpuSettings({ monitoring: { podMonitor: true, grafanaDashboard: true, labels: { release: "prometheus" } } });

describe("specs/podMonitors", () => {
  it("scrapes Ray on every pod and the application on the head", () => {
    const monitors = renderPodMonitors(on);
    assert.deepEqual(
      monitors.map(({ spec }) => spec.podMetricsEndpoints[0]?.port),
      ["metrics", "serve"],
    );
    assert.equal(monitors[1]?.spec.selector.matchLabels["ray.io/node-type"], "head");
    for (const { metadata } of monitors) assert.equal(metadata.labels?.release, "prometheus");
  });
  it("is off by default", () => assert.deepEqual(renderPodMonitors(gpuSettings()), []));
});

describe("specs/grafanaDashboard", () => {
  const text = renderGrafanaDashboard(on)?.data["deepseek-ocr.json"] ?? "";

  it("is JSON with a panel for each thing to watch", () => {
    const { panels } = JSON.parse(text) as { panels: { title: string; gridPos: { x: number; y: number } }[] };
    assert.equal(new Set(panels.map(({ gridPos }) => `${gridPos.x},${gridPos.y}`)).size, panels.length);
    for (const topic of ["Pages", "Queue", "Cold", "GPU", "replicas", "outcome"]) {
      assert.ok(
        panels.some(({ title }) => title.includes(topic)),
        topic,
      );
    }
  });

  it("asks only for metrics that the application has", () => {
    const source = readFileSync("serve-app/ocr_app/api/metrics.py", "utf8");
    const known = new Set([...source.matchAll(/"(ocr_[a-z_]+)"/g)].map(([, name]) => name));
    const asked = [...text.matchAll(/\bocr_[a-z_]+/g)].map(([name]) => name.replace(/_(total|bucket)$/, ""));
    assert.ok(asked.length > 5);
    for (const name of asked) assert.ok(known.has(name), `${name} is no metric of the application`);
  });

  it("is off by default", () => assert.equal(renderGrafanaDashboard(gpuSettings()), undefined));
});
