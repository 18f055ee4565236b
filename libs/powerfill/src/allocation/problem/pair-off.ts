import { mulRate } from './exact-arithmetic';

/** What the pair-off cost of a set of trades depends on; `TradeTable` is one. Cents and 1e-8 points. */
export interface PairOffTerms {
  readonly target: Float64Array;
  readonly min: Float64Array;
  readonly pairOffRate: Float64Array;
}

/**
 * Pair-off cost of trade j at a fill, cents: 0 from L on, below it `q` on the whole undelivered `T - f`, so it jumps
 * at L (engine.md, section 2). Negative when the market pays for the pair-off.
 */
export function pairOff(terms: PairOffTerms, j: number, fill: number): number {
  const rate = terms.pairOffRate[j]!;
  return rate === 0 || fill >= terms.min[j]! ? 0 : mulRate(terms.target[j]! - fill, rate);
}
