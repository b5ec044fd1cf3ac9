import { pageRequest } from "../../deploy/smoke/request.ts";
import { UserError } from "../bootstrap/userError.mjs";
import { proxyVariables } from "./loopback.ts";
import type { Page } from "./pages.ts";

const MODEL = "deepseek-ocr";
/** Longest wait for a page in milliseconds; a full page takes seconds, and more on a busy machine. */
const PAGE_DEADLINE_MS = 4 * 60_000;

/** Body of a chat completion that returns the text of one page. */
export function ocrRequest({ bytes, mime }: Page) {
  return { ...pageRequest(MODEL, bytes, mime), max_tokens: 8_192 };
}

/**
 * Send a page to the service and return its text.
 *
 * @throws {UserError} saying why there is no text.
 */
export async function readPage(
  baseUrl: string,
  key: string | undefined,
  page: Page,
  deadlineMs = PAGE_DEADLINE_MS,
): Promise<string> {
  let status: number;
  let text: string;
  try {
    const response = await fetch(`${baseUrl}/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json", ...(key ? { authorization: `Bearer ${key}` } : {}) },
      body: JSON.stringify(ocrRequest(page)),
      signal: AbortSignal.timeout(deadlineMs),
    });
    status = response.status;
    text = await response.text();
  } catch (error) {
    throw new UserError(`${noAnswer(error as Error, deadlineMs)}${proxyHint()}`);
  }
  if (status !== 200) throw new UserError(`The service answered ${status}: ${reasonIn(text)}`);
  const completion = JSON.parse(text) as { choices: { message: { content: string } }[] };
  return completion.choices[0]?.message.content ?? "";
}

function noAnswer(error: Error, deadlineMs: number): string {
  if (error.name === "TimeoutError") return `The service did not answer within ${deadlineMs / 1_000} s.`;
  const cause = error.cause instanceof Error ? error.cause.message : error.message;
  return `The service did not answer: ${cause}.`;
}

/** What to look at where the environment names a proxy. */
function proxyHint(): string {
  const names = proxyVariables();
  if (names.length === 0) return "";
  return ` A proxy is set (${names.join(", ")}); requests to 127.0.0.1 must not go through it.`;
}

/** The message of an error of the OpenAI API, or the beginning of what came instead. */
function reasonIn(text: string): string {
  try {
    return (JSON.parse(text) as { error: { message: string } }).error.message;
  } catch {
    return text.slice(0, 500);
  }
}
