import type { Page } from "./document.ts";

/** Body of a chat completion that returns the text of one page. */
export function ocrRequest(page: Page) {
  return {
    model: "deepseek-ocr",
    temperature: 0,
    max_tokens: 8192,
    messages: [
      {
        role: "user",
        content: [
          { type: "image_url", image_url: { url: `data:${page.mime};base64,${page.bytes.toString("base64")}` } },
          { type: "text", text: "Convert the document to markdown." },
        ],
      },
    ],
  };
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
