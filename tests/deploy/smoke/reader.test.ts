import { equal, match } from "node:assert/strict";
import type { GoldenPage } from "../../../deploy/score/golden.ts";
import { OcrClient } from "../../../deploy/smoke/client.ts";
import { readGolden } from "../../../deploy/smoke/reader.ts";
import { FakeService } from "./fakeService.ts";

const page = (name: string, text: string): GoldenPage => ({
  name,
  text,
  hash: name,
  image: Buffer.from(name),
  mediaType: "image/png",
  facts: [{ type: "absent", text: "never", max_diffs: 0, id: "a fact" }],
});

describe("readGolden", () => {
  let service: FakeService;
  afterEach(() => service.stop());

  it("scores every page and measures pages per second", async () => {
    service = await FakeService.start({ text: "Hello page." });
    const pages = [page("a", "Hello page."), page("b", "Hello pagE!"), page("c", "Hello page.")];
    const { score, pagesPerSecond, clients } = await readGolden(
      new OcrClient(service.url),
      "deepseek-ocr",
      pages,
      2,
      5,
    );
    equal(service.requests, 3);
    equal(clients, 2);
    equal(score.accuracy, 1 - 1 / 11 / 3);
    equal(score.facts, 1);
    equal(pagesPerSecond > 1, true);
  });

  it("counts a refused page as read wrong, all its facts too", async () => {
    service = await FakeService.start({ chatStatus: 503 });
    const { score } = await readGolden(new OcrClient(service.url), "deepseek-ocr", [page("a", "Hello.")], 1, 5);
    equal(score.accuracy, 0);
    equal(score.facts, 0);
    match(score.pages[0]?.refused ?? "", /The engine is lost/);
  });
});
