import type { ChatCompletionCreateParamsNonStreaming } from "openai/resources/chat/completions";

/** The instruction for a page: the one that makes DeepSeek-OCR write Markdown with its tables. */
export const INSTRUCTION = "Convert the document to markdown.";

/**
 * The chat request that reads one page. Without `max_tokens`, so the service's own limit holds; add fields with a spread:
 * `{ ...pageRequest(model, image, "image/png"), max_tokens: 8192 }`.
 *
 * @param model name of the model, as `GET /v1/models` lists it.
 * @param image the file's bytes.
 * @param mediaType the image's media type, such as `image/png`.
 */
export function pageRequest(
  model: string,
  image: Uint8Array,
  mediaType: string,
): ChatCompletionCreateParamsNonStreaming {
  const url = `data:${mediaType};base64,${Buffer.from(image).toString("base64")}`;
  const content = [
    { type: "image_url" as const, image_url: { url } },
    { type: "text" as const, text: INSTRUCTION },
  ];
  return { model, messages: [{ role: "user", content }], temperature: 0 };
}
