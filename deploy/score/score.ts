import { failure } from "./facts.ts";
import type { GoldenPage } from "./golden.ts";
import { characterErrorRate } from "./text.ts";

/** How well one page was read. */
export interface PageScore {
  readonly name: string;
  /** {@link GoldenPage.hash} of the page that was read. */
  readonly hash: string;
  /** Wrong characters per expected character, if the page's text is known. */
  readonly errorRate?: number | undefined;
  readonly facts: number;
  /** Facts that do not hold, and why. */
  readonly failed: readonly { readonly id: string; readonly why: string }[];
  /** The service's error message, if it refused the page. */
  readonly refused?: string | undefined;
  /** Time from request to the last character. */
  readonly seconds: number;
}

/** How well a set of pages was read. */
export interface Score {
  readonly pages: readonly PageScore[];
  /** 1 minus the mean error rate of the pages whose text is known. */
  readonly accuracy?: number | undefined;
  /** Share of all facts that hold. */
  readonly facts?: number | undefined;
}

/** Scores what a page was read as. */
export function scorePage(page: GoldenPage, read: string, seconds: number): PageScore {
  const failed = page.facts.flatMap((fact) => {
    const why = failure(fact, read);
    return why === undefined ? [] : [{ id: fact.id ?? fact.type, why }];
  });
  const errorRate = page.text === undefined ? undefined : characterErrorRate(read, page.text);
  return { name: page.name, hash: page.hash, errorRate, facts: page.facts.length, failed, seconds };
}

/** The score of a page that was not read at all. */
export function refusedPage(page: GoldenPage, why: string, seconds: number): PageScore {
  const failed = page.facts.map((fact) => ({ id: fact.id ?? fact.type, why }));
  const errorRate = page.text === undefined ? undefined : 1;
  return { name: page.name, hash: page.hash, errorRate, facts: page.facts.length, failed, refused: why, seconds };
}

/** Sums up the scores of pages. */
export function total(pages: readonly PageScore[]): Score {
  const rates = pages.flatMap(({ errorRate }) => (errorRate === undefined ? [] : [errorRate]));
  const facts = sum(pages.map(({ facts: count }) => count));
  return {
    pages,
    accuracy: rates.length > 0 ? 1 - sum(rates) / rates.length : undefined,
    facts: facts > 0 ? 1 - sum(pages.map(({ failed }) => failed.length)) / facts : undefined,
  };
}

/** How far a deploy may fall, in the unit of the scores: 0.02 are two points of a hundred. */
export interface Gate {
  readonly allowedDrop: number;
  /** Least accuracy and least share of facts, with or without an earlier deploy. */
  readonly minimum: number;
}

/**
 * Why a score does not pass; nothing if it does.
 *
 * Compared are the pages that both scores know unchanged, so that a page that was added, or corrected, is not a drop.
 */
export function gateFailures(score: Score, lastGood: Score | undefined, gate: Gate): string[] {
  const measures = ["accuracy", "facts"] as const;
  const [now, before] = lastGood ? [common(score, lastGood), common(lastGood, score)] : [undefined, undefined];
  return measures.flatMap((measure) => {
    const label = measure === "accuracy" ? "character accuracy" : "share of facts that hold";
    const [value, compared, reference] = [score[measure], now?.[measure], before?.[measure]];
    if (value !== undefined && value < gate.minimum) {
      return [`The ${label} is ${percent(value)}; it must be at least ${percent(gate.minimum)}.`];
    }
    if (compared === undefined || reference === undefined || reference - compared <= gate.allowedDrop + 1e-9) return [];
    const drop = `from ${percent(reference)} to ${percent(compared)}`;
    return [`The ${label} fell ${drop}; at most ${percent(gate.allowedDrop)} is allowed.`];
  });
}

function common(score: Score, other: Score): Score {
  const known = new Map(other.pages.map(({ name, hash }) => [name, hash]));
  return total(score.pages.filter(({ name, hash }) => known.get(name) === hash));
}

/** A share in per cent with one decimal, such as "98.4 %". */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
