import { pageRequest } from "../../deploy/smoke/request.ts";
import type { Page } from "./document.ts";

const MODEL = "deepseek-ocr";

/** Body of a chat completion that returns the text of one page. */
export function ocrRequest({ bytes, mime }: Page) {
  return { ...pageRequest(MODEL, bytes, mime), max_tokens: 8_192 };
}

/** Send a page to the service and return its text. */
export async function readPage(baseUrl: string, key: string | undefined, page: Page): Promise<string> {
  const response = await fetch(`${baseUrl}/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", ...(key ? { authorization: `Bearer ${key}` } : {}) },
    body: JSON.stringify(ocrRequest(page)),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`The service answered ${response.status}: ${text.slice(0, 500)}`);
  const completion = JSON.parse(text) as { choices: { message: { content: string } }[] };
  return completion.choices[0]?.message.content ?? "";
}
