import { ProblemError } from "../problems.ts";
import { GoldenError, type GoldenPage, loadGolden } from "../score/golden.ts";

/** A golden page whose whole text is known. */
export type TextPage = GoldenPage & { readonly text: string };

/** The golden pages of a run. */
export interface GoldenSet {
  readonly pages: readonly GoldenPage[];
  /** The page that smoke checks send: the first whose whole text is known. */
  readonly smoke: TextPage;
}

/**
 * Reads the golden pages of some folders.
 *
 * @throws {ProblemError} with everything that is wrong with them.
 */
export async function loadGoldenSet(folders: readonly string[]): Promise<GoldenSet> {
  const pages = await loadGolden(folders).catch((error: unknown) => {
    if (!(error instanceof GoldenError)) throw error;
    throw new ProblemError("usage", error.message, "deploy/golden/README.md explains what a golden page is.");
  });
  const smoke = pages.find((page): page is TextPage => page.text !== undefined);
  if (smoke) return { pages, smoke };
  throw new ProblemError(
    "usage",
    "No golden page has its whole text.",
    "Add NAME.md for one of them: smoke checks send that page.",
  );
}
