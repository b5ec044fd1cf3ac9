import assert from "node:assert/strict";
import { type GpuLoad, type GpuResults, renderGpuReport } from "../../../tools/vllm/gpuReport.ts";

function load(clients: number, tokens_per_s: number, over: Partial<GpuLoad> = {}): GpuLoad {
  return {
    clients,
    tokens_per_s,
    pages: 2 * clients,
    seconds: 10,
    pages_per_s: tokens_per_s / 1_000,
    first_token_p50_ms: 80,
    first_token_p99_ms: 1_234,
    roofline_tokens_per_s: 2 * tokens_per_s,
    busy_percent: 91,
    peak_mib: 70_000,
    guard: "ours 30/90",
    ...over,
  };
}

/** Invented figures, to see what becomes of them. */
const results: GpuResults = {
  date: "2026-11-26",
  commit: "abc1234",
  card: "NVIDIA Example",
  driver: "580.1",
  memory_mib: 81_559,
  versions: { vllm: "0.29.0", ray: null },
  model: "random weights",
  tokens_a_page: 1_000,
  tiny: false,
  load: "16 cores (x86_64), load average 1.0, 1.0, 1.0 at the end",
  parts: {
    base: {
      loads: [load(1, 500), load(256, 20_000), load(256, 19_000, { guard: "off", busy_percent: null })],
      start_s: 61.4,
      memory_mib: 69_000,
      batched_tokens: 8_192,
      encoder: { large: load(64, 640, { pages: 64 }) },
    },
    bare: { loads: [load(1, 500), load(256, 20_000)] },
    ours: { loads: [load(1, 400), load(256, 19_500)], limited: [load(256, 15_000)], ongoing: 128 },
  },
};

describe("bench gpu's report", () => {
  const lines = renderGpuReport(results).split("\n");
  const has = (line: string) => assert.ok(lines.includes(line), `${line}\n\nin\n\n${lines.join("\n")}`);

  it("names card, date, commit and versions", () => {
    assert.match(
      lines[4] ?? "",
      /^2026-11-26, commit abc1234: NVIDIA Example, 81,559 MiB, driver 580\.1; vllm 0\.29\.0; /,
    );
  });

  it("judges the share of bare vLLM and the busy GPU with the most clients only", () => {
    has("| 1 | 500 | 400 | 80.0 % | 0.40 | 80 | 80 | 1,234 | 91 % |");
    has("| 256 | 20,000 | 19,500 | 97.5 % ✓ | 19.50 | 80 | 80 | 1,234 | 91 % ✓ |");
    const slow = {
      ...results,
      parts: { ...results.parts, ours: { loads: [load(256, 19_000, { busy_percent: 50 })] } },
    };
    assert.match(renderGpuReport(slow), /\| 95\.0 % ✗ \|.*\| 50 % ✗ \|/);
  });

  it("says what the default limit of a location gives", () => {
    has(
      "With 128 requests at once, a location's default, 256 clients get 15,000 tokens/s and 15.00 pages/s; the GPU is busy for 91 %.",
    );
  });

  it("has bare vLLM beside the engine where our service was not measured", () => {
    const { base, bare } = results.parts as Required<typeof results.parts>;
    const other = load(256, 9_000, { guard: "vLLM's 30/90" });
    const page = renderGpuReport({
      ...results,
      parts: { base: base ?? { loads: [] }, bare: { ...bare, loads: [other] } },
    });
    assert.match(page, /^\| bare `vllm serve` \| . \| 256 \| 9,000 \| 18,000 \| 50 % \|/m);
    assert.match(page, /Our service was not measured/);
  });

  it("has the engine beside the roofline, guards, modes and starts", () => {
    has("| base | 8,192 | 256 | 20,000 | 40,000 | 50 % | 20.00 | 80 | 1,234 | 91 % |");
    has("| off | 256 | 19,000 | – |");
    has("| ours 30/90 | 256 | 20,000 | 91 % |");
    has("| base | large | 64 | 0.6 | 70,000 | 91 % |");
    has("| base | 61 | 69,000 |");
  });

  it("leaves out what was not measured", () => {
    const text = renderGpuReport({ ...results, parts: { base: { loads: [load(1, 500)] } } });
    for (const heading of ["bare", "guards", "by mode", "## Start"]) assert.ok(!text.includes(heading), heading);
  });
});
