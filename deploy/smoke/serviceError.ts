import { STATUS_CODES } from "node:http";
import { APIConnectionTimeoutError, APIError, APIUserAbortError } from "openai";
import { z } from "zod";
import { MASK } from "../masking.ts";

/** An answer that is not what OpenAI's API would give, or no answer. The message is for people and holds no key. */
export class ServiceError extends Error {
  /** HTTP status, 0 if there was no answer. */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = "ServiceError";
    this.status = status;
  }
}

const LONGEST_BODY = 200;

/**
 * Turns whatever a request threw into a {@link ServiceError}: a refusal, a connection that failed or broke, a time-out.
 *
 * @param url what was requested, for the message.
 * @param key never shown, even if the error repeats it.
 */
export function serviceError(error: unknown, url: string, key: string | undefined): ServiceError {
  if (error instanceof ServiceError) return error;
  const [status, message] = described(error, url);
  return new ServiceError(status, key ? message.replaceAll(key, MASK) : message);
}

function described(error: unknown, url: string): [status: number, message: string] {
  if (error instanceof SyntaxError) return [200, `The answer of ${url} is not valid JSON: ${error.message}`];
  if (error instanceof APIError && error.status !== undefined) {
    return [error.status, `HTTP ${error.status}: ${words(error)}`];
  }
  // An error event: the answer had begun, so its status said that all is well.
  if (error instanceof APIError && error.error !== undefined) return [200, words(error)];
  return [0, `No answer from ${url}: ${reason(error)}`];
}

/** The value, checked against what OpenAI's API would give. Throws {@link ServiceError} with the first difference. */
export function expect<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new ServiceError(200, `${what} is not what was expected: ${issue?.path.join(".")}: ${issue?.message}`);
}

const refusalSchema = z.object({ message: z.string() });

/** What the service said when it refused: its error message, else the answer's text, else the name of the status. */
function words(error: APIError): string {
  const said = refusalSchema.safeParse(error.error);
  if (said.success) return said.data.message;
  // The client makes its message of the status and the answer's text.
  const text = error.message.replace(/^\d{3} (status code \(no body\)$)?/, "");
  return text.slice(0, LONGEST_BODY) || (STATUS_CODES[Number(error.status)] ?? "");
}

/** Why there was no answer: the innermost cause, such as ECONNREFUSED. */
function reason(error: unknown): string {
  if (error instanceof APIUserAbortError || error instanceof APIConnectionTimeoutError) return "it took too long";
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError" || error.name === "AbortError") return "it took too long";
  if (error.cause instanceof Error) return reason(error.cause);
  return (error as NodeJS.ErrnoException).code ?? error.message;
}
