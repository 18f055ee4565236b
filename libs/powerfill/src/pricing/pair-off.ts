import type { PairOffKind } from '../steps/step-results';

/** Default spread of a two-way pair-off: 1/32 point. */
const TWO_WAY_SPREAD = 3_125_000;
/** Default fee of a one-way pair-off, and of one without a market price: 1/8 point. */
const ONE_WAY_FEE = 12_500_000;

/** What the pair-off of a trade depends on; prices and points in 1e-8 point. */
export interface PairOffTerms {
  readonly tradeType: TradeType;
  /** The trade's own kind; null = the default of its type. */
  readonly kind: PairOffKind | null;
  /** Replaces the default spread or fee. */
  readonly points: number | null;
  readonly price: number | null;
  readonly marketPrice: number | null;
}

export type TradeType = 'mbs' | 'wl' | 'be';

export interface PairOff {
  readonly kind: PairOffKind;
  /** q: points of par paid on the undelivered amount; negative = a gain. */
  readonly points: number;
  /** No market or trade price to compare: a fixed fee stands in, which the run warns about. */
  readonly withoutMarket: boolean;
}

const DEFAULT_KIND: Readonly<Record<TradeType, PairOffKind>> = { mbs: 'two_way', wl: 'one_way', be: 'none' };

/** Pair-off cost of a trade in points (engine.md, step 2). */
export function pairOff(terms: PairOffTerms): PairOff {
  const kind = terms.kind ?? DEFAULT_KIND[terms.tradeType];
  if (kind === 'none') return { kind, points: 0, withoutMarket: false };
  if (kind === 'fixed') return { kind, points: terms.points ?? ONE_WAY_FEE, withoutMarket: false };
  if (terms.price === null || terms.marketPrice === null) {
    return { kind: 'fixed', points: terms.points ?? ONE_WAY_FEE, withoutMarket: true };
  }
  const difference = terms.marketPrice - terms.price;
  return kind === 'two_way'
    ? { kind, points: difference + (terms.points ?? TWO_WAY_SPREAD), withoutMarket: false }
    : { kind, points: Math.max(0, difference) + (terms.points ?? ONE_WAY_FEE), withoutMarket: false };
}
