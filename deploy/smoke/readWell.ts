import { percent } from "../score/score.ts";
import { characterErrorRate } from "../score/text.ts";
import type { Reading } from "./client.ts";
import type { TextPage } from "./goldenSet.ts";

/** Largest share of wrong characters with which a page still counts as read. */
const WORST_ERROR_RATE = 0.2;
/** Largest share of characters in which a stream and a single answer may differ: a GPU is not exact in the last place. */
const STREAM_DIFFERENCE = 0.05;

/** A check that did not pass. The message says why, for people. */
export class CheckFailed extends Error {}

/**
 * Says how well a page was read.
 *
 * @param streamed the same page as a stream, to compare with.
 * @throws {CheckFailed} if it was not read well.
 */
export function readWell(reading: Reading, page: TextPage, streamed?: Reading): string {
  const rate = characterErrorRate(reading.text, page.text);
  if (rate > WORST_ERROR_RATE) {
    const seen = reading.text.replace(/\s+/g, " ").slice(0, 60);
    throw new CheckFailed(`Page "${page.name}" came back with ${percent(rate)} wrong characters: "${seen}"`);
  }
  if (reading.finishReason !== "stop")
    throw new CheckFailed(`The page ended by "${reading.finishReason}", not by "stop".`);
  if (reading.completionTokens < 1) throw new CheckFailed("The usage counts no tokens.");
  const difference = streamed ? characterErrorRate(reading.text, streamed.text) : 0;
  if (difference > STREAM_DIFFERENCE)
    throw new CheckFailed(`The stream and the single answer differ in ${percent(difference)} of their characters.`);
  return `Page "${page.name}" with ${percent(rate)} wrong characters`;
}
