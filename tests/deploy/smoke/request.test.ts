import { deepEqual, ok } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { INSTRUCTION, pageRequest } from "../../../deploy/smoke/request.ts";

describe("the request for one page", () => {
  it("carries the image as a data URI and the instruction, at temperature 0", () => {
    deepEqual(pageRequest("deepseek-ocr", Buffer.from("page"), "image/png"), {
      model: "deepseek-ocr",
      temperature: 0,
      messages: [
        {
          role: "user",
          content: [
            { type: "image_url", image_url: { url: "data:image/png;base64,cGFnZQ==" } },
            { type: "text", text: "Convert the document to markdown." },
          ],
        },
      ],
    });
  });

  it("asks with the application's own default instruction", () => {
    const prompts = readFileSync("serve-app/ocr_app/ocr/prompts.py", "utf8");
    ok(prompts.includes(`DEFAULT_INSTRUCTION = ${JSON.stringify(INSTRUCTION)}`));
  });
});
