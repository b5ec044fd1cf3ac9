import { deepEqual, equal, match } from "node:assert/strict";
import type { GoldenPage } from "../../../deploy/score/golden.ts";
import { type Check, type Smoke, smoke } from "../../../deploy/smoke/checks.ts";
import { OcrClient } from "../../../deploy/smoke/client.ts";
import { type Behaviour, FakeService } from "./fakeService.ts";

const page: GoldenPage & { text: string } = {
  name: "letter",
  hash: "h",
  image: Buffer.from("image"),
  mediaType: "image/png",
  text: "Grüße, 418 pages and a café.",
  facts: [],
};

async function run(over: Partial<Behaviour>, key?: string, sleepTimeoutSeconds = 0): Promise<Smoke> {
  const service = await FakeService.start({ text: page.text, ...over });
  try {
    const options = { model: "deepseek-ocr", page, key, pageTimeoutSeconds: 5, sleepTimeoutSeconds };
    return await smoke(new OcrClient(service.url, key), options);
  } finally {
    await service.stop();
  }
}

const results = ({ checks }: Smoke) => Object.fromEntries(checks.map(({ name, result }) => [name, result]));
const detail = ({ checks }: Smoke, name: Check["name"]) => checks.find((check) => check.name === name)?.detail ?? "";

describe("smoke", () => {
  it("passes a good service with a key, and tells what it saw", async () => {
    const told = await run({ key: "right" }, "right");
    equal(told.passed, true, JSON.stringify(told.checks));
    deepEqual(results(told), {
      health: "passed",
      models: "passed",
      authorisation: "passed",
      streaming: "passed",
      wake: "skipped",
      page: "passed",
    });
    equal(told.wakeSeconds, undefined);
    equal(told.health?.engine.state, "ready");
    match(detail(told, "wake"), /the engine was ready/);
    match(detail(told, "page"), /"letter" with 0\.0 % wrong characters/);
  });

  it("measures how a sleeping engine wakes", async () => {
    const told = await run({ state: "asleep", wakeMs: 300 });
    equal(told.passed, true);
    equal((told.wakeSeconds ?? 0) >= 0.3 && (told.wakeSeconds ?? 9) < 3, true, `${told.wakeSeconds} s`);
    match(detail(told, "wake"), /From asleep to the first characters in 0\.\d s/);
  });

  it("says that an open service is open", async () => {
    match(detail(await run({}), "authorisation"), /No key is required/);
  });

  const failures: Readonly<Record<string, readonly [Partial<Behaviour>, Check["name"], RegExp]>> = {
    "an engine that cannot start": [{ state: "failed", reason: "no GPU" }, "health", /failed to start: no GPU/],
    "a model that is missing": [{ models: ["other"] }, "models", /"deepseek-ocr" is not among the models: other/],
    "a key that nobody checks": [{ open: true }, "authorisation", /without a key was answered 200 instead of 401/],
    "a page that comes back as something else": [
      { text: "All wrong here" },
      "page",
      /% wrong characters: "All wrong here"/,
    ],
    "an empty page": [{ text: "" }, "streaming", /100\.0 % wrong characters/],
    "a page that was cut": [{ finishReason: "length" }, "page", /ended by "length"/],
    "a page without usage": [{ tokens: 0 }, "page", /counts no tokens/],
    "a stream without its end": [{ cutStream: true }, "streaming", /without \[DONE\]/],
    "a stream that says other things": [{ otherText: "Grüße, 418 pages and a cafXXX" }, "page", /differ in 10\.7 %/],
    "a refused page": [{ chatStatus: 503 }, "streaming", /HTTP 503: The engine is lost\./],
  };
  for (const [name, [behaviour, check, words]] of Object.entries(failures)) {
    it(`fails for ${name}`, async () => {
      const key = behaviour.open ? "right" : undefined;
      const told = await run({ ...behaviour, ...(key ? { key } : {}) }, key);
      equal(told.passed, false);
      equal(results(told)[check], "failed", JSON.stringify(told.checks));
      match(detail(told, check), words);
    });
  }

  it("fails in words where the key of the stack is not the service's", async () => {
    const told = await run({ key: "right" }, "old");
    equal(results(told).models, "failed");
    match(detail(told, "models"), /HTTP 401: The API key is wrong/);
  });

  it("says once that nothing answers", async () => {
    const service = await FakeService.start();
    const { url } = service;
    await service.stop();
    const options = { model: "deepseek-ocr", page, key: undefined, pageTimeoutSeconds: 5 };
    const told = await smoke(new OcrClient(url), options);
    equal(told.passed, false);
    deepEqual(
      told.checks.map(({ name }) => name),
      ["health"],
    );
    match(detail(told, "health"), /^No answer from http:\/\/127\.0\.0\.1:\d+\/health: ECONNREFUSED$/);
  });

  it("gives up on a page that takes too long", async () => {
    const service = await FakeService.start({ text: page.text, wakeMs: 2_000 });
    const options = { model: "deepseek-ocr", page, key: undefined, pageTimeoutSeconds: 0.2 };
    const told = await smoke(new OcrClient(service.url), options);
    await service.stop();
    match(detail(told, "streaming"), /it took too long/);
  });

  it("waits for the engine to fall asleep where that is asked for", async () => {
    const service = await FakeService.start({ text: page.text });
    setTimeout(() => {
      service.behaviour.state = "asleep";
    }, 500);
    const options = { model: "deepseek-ocr", page, key: undefined, pageTimeoutSeconds: 5, sleepTimeoutSeconds: 8 };
    const told = await smoke(new OcrClient(service.url), options);
    await service.stop();
    equal(results(told).wake, "passed");
  });
});
