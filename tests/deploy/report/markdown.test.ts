import { equal, match } from "node:assert/strict";
import { MARKER, markdown } from "../../../deploy/report/markdown.ts";
import { terminal } from "../../../deploy/report/terminal.ts";
import type { RunReport, StackReport } from "../../../deploy/report/types.ts";

const good: StackReport = {
  stack: "hel1",
  changes: [
    {
      op: "update",
      type: "ray.io/v1:RayService",
      name: "ray-service",
      properties: ["spec.serveConfigV2"],
      result: "done",
      seconds: 21,
    },
  ],
  same: 11,
  warnings: ["auth.enabled is false"],
  outputs: { endpoint: "http://hel1-ai-deepseek-ocr" },
  smoke: {
    passed: true,
    checks: [
      { name: "page", result: "passed", detail: "Page read | well.", seconds: 1 },
      { name: "wake", result: "skipped", detail: "Not measured.", seconds: 0 },
    ],
    wakeSeconds: 6.4,
  },
  score: {
    accuracy: 0.99,
    facts: 1,
    pages: [{ name: "letter", hash: "h", errorRate: 0.01, facts: 2, failed: [], seconds: 1.5 }],
  },
  lastScore: { accuracy: 0.98, pages: [] },
  pagesPerSecond: 2.5,
  clients: 2,
  identity: { app: "1a2b3c4d", images: ["rayproject/ray-llm:2.60.0"], model: "deepseek-ai/DeepSeek-OCR@9f30" },
  cost: { gpus: { most: 2, least: 0 }, currency: "EUR", gpuPricePerHour: 2.5, perMillionPages: 277.7 },
  seconds: { preview: 6.5, up: 21 },
};

const run = (over: Partial<RunReport>, ...stacks: StackReport[]): RunReport => ({
  command: "up",
  time: "2026-11-23T20:00:00.000Z",
  seconds: 30,
  exitCode: stacks.some(({ problem }) => problem) ? 4 : 0,
  stacks,
  ...over,
});

describe("markdown", () => {
  it("says what changed, whether OCR works and what it costs", () => {
    const text = markdown(run({}, good));
    equal(text.startsWith(MARKER), true);
    match(text, /## ✅ up: hel1/);
    match(text, /\| changed \| 1 update, 11 the same \|/);
    match(text, /\| OCR works \| yes: 1 of 1 checks passed \|/);
    match(text, /\| score \| 99\.0 % of characters \(before 98\.0 %\), 100\.0 % of facts \|/);
    match(text, /\| wake from zero \| 6\.4 s \|/);
    match(text, /\| cost \| 278 EUR per million pages; GPUs 0 asleep, up to 2 awake \|/);
    match(text, /\| version \| app 1a2b3c4d, deepseek-ai\/DeepSeek-OCR@9f30, rayproject\/ray-llm:2\.60\.0 \|/);
    match(text, /\| update \| ray-service \| ray\.io\/v1:RayService \| spec\.serveConfigV2 \| done in 21 s \|/);
  });

  it("keeps cells whole", () => match(markdown(run({}, good)), /Page read \\\| well\./));

  it("says first what is wrong, what to do, and that the old one is back", () => {
    const problem = { kind: "rolled-back" as const, what: "gate: It <fell>.\nA lot.", advice: "Look at it." };
    const rollback = { checkpoint: "20261123T203000Z", result: "restored" as const, detail: "It answers." };
    const text = markdown(run({}, { stack: "hel1", problem, rollback }, good));
    match(text, /## ❌ 1 of 2 locations up: hel1, hel1/);
    match(text, /> \*\*rolled-back\*\*: gate: It &lt;fell>\.\n> A lot\.\n>\n> Look at it\./);
    match(text, /↩️ rolled back to checkpoint `20261123T203000Z`: It answers\./);
  });

  it("shortens long lists, which a pull request would refuse", () => {
    const changes = Array.from({ length: 500 }, (_, index) => ({
      op: "create",
      type: "t",
      name: `n${index}`,
      properties: [],
      result: "planned" as const,
    }));
    const text = markdown(run({ command: "preview" }, { stack: "a", changes }));
    match(text, /\| would change \| 500 create \|/);
    match(text, /460 more/);
    equal(text.length < 65_536, true);
  });

  it("is one table for status", () => {
    const status = {
      version: "app 1a2b",
      replicas: "1 of 2",
      engine: "vllm, ready",
      lastSmoke: "passed 2026-11-23 20:00",
      lastScore: "99.0 % characters, 100.0 % facts",
      gpus: "0 to 2",
      cost: "278 EUR per million pages",
      checkpoints: ["20261123T203000Z"],
    };
    const unreachable = { stack: "b", problem: { kind: "passphrase" as const, what: "Locked.", advice: "Open." } };
    const report = run({ command: "status" }, { stack: "a", status }, unreachable);
    match(
      markdown(report),
      /\| location \| version \|[\s\S]*\| a \| app 1a2b \| 1 of 2 \| vllm, ready \|[\s\S]*\| b \| passphrase \|/,
    );
    match(terminal(report), /LOCATION +VERSION +REPLICAS[\s\S]*\na +app 1a2b +1 of 2 +vllm, ready/);
    match(terminal(report), /a: checkpoints 20261123T203000Z\nb: Locked\. Open\./);
  });
});
