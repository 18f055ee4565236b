import { type PairOffTerms } from '../problem/pair-off';

/** A stretch of fills over which a trade's pair-off cost is linear: `cost + slope * fill`, cents. */
export interface TradeState {
  /** Cents; `least <= most`. */
  readonly least: number;
  readonly most: number;
  readonly cost: number;
  readonly slope: number;
  /** A used trade below its must_reach. */
  readonly missesReach: boolean;
}

/**
 * The stretches of fills a trade may end in, between two fills: empty, used and short of L, at L or above it; and, where
 * it may be missed, below must_reach. What is charged for missing it is the caller's affair.
 */
export function tradeStates(
  terms: PairOffTerms,
  j: number,
  least: number,
  most: number,
  mustReach: number,
  mayMiss: boolean,
): TradeState[] {
  const min = terms.min[j]!;
  const rate = terms.pairOffRate[j]! * 1e-10;
  const starts = [least === 0 && mustReach > 0 ? 1 : 0, mustReach, rate === 0 ? 0 : min];
  const cuts = [...new Set([least, ...starts.filter((fill) => fill > least && fill <= most)])].sort((a, b) => a - b);
  return cuts.flatMap((from, n): TradeState[] => {
    const to = (cuts[n + 1] ?? most + 1) - 1;
    const missesReach = from > 0 && from < mustReach;
    if (missesReach && !mayMiss) return [];
    const short = rate !== 0 && from < min;
    return [
      { least: from, most: to, cost: short ? rate * terms.target[j]! : 0, slope: short ? -rate : 0, missesReach },
    ];
  });
}
