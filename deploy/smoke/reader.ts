import pLimit from "p-limit";
import type { GoldenPage } from "../score/golden.ts";
import { type PageScore, refusedPage, type Score, scorePage, total } from "../score/score.ts";
import { type OcrClient, since } from "./client.ts";
import { pageRequest } from "./request.ts";
import { ServiceError } from "./serviceError.ts";

/** The score of a set of pages, and how fast they were read. */
export interface GoldenScore {
  readonly score: Score;
  /** Pages per second of the whole service, with `clients` clients at once. */
  readonly pagesPerSecond: number;
  readonly clients: number;
}

/**
 * Reads every golden page and scores it. A page that is refused counts as all wrong, with the service's message. The
 * engine should be awake, or its start counts as reading time.
 *
 * @param clients how many requests to send at once.
 */
export async function readGolden(
  client: OcrClient,
  model: string,
  pages: readonly GoldenPage[],
  clients: number,
  pageTimeoutSeconds: number,
): Promise<GoldenScore> {
  const limit = pLimit(clients);
  const begun = performance.now();
  const scores = await limit.map(pages, (page) => scoreOf(client, model, page, pageTimeoutSeconds));
  return { score: total(scores), pagesPerSecond: pages.length / since(begun), clients };
}

async function scoreOf(client: OcrClient, model: string, page: GoldenPage, timeoutSeconds: number): Promise<PageScore> {
  const begun = performance.now();
  try {
    const request = pageRequest(model, page.image, page.mediaType);
    const reading = await client.stream(request, AbortSignal.timeout(timeoutSeconds * 1_000));
    return scorePage(page, reading.text, reading.seconds);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return refusedPage(page, error.message, since(begun));
  }
}
