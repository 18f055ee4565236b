import { type Prng } from '../prng';
import { type Coupon, COUPONS, type Program, STANDARD_NORMAL, STORIES, type Story } from './tables';

export type TradeKind = 'tba' | 'stipulated' | 'cash' | 'bulk';

/** How far fills may miss the target: every trade 0.01 %, every trade 2.5 %, or each kind its own. */
export type Tolerance = 'tight' | 'wide' | 'mixed';

export interface MarketTrade {
  id: string;
  kind: TradeKind;
  /** The coupon sold, or whose neighbourhood a cash or bulk price is read from. */
  coupon: Coupon;
  program: Program;
  story: Story | null;
  /** Settlement month, 0 to 2. */
  month: number;
  /** Today's price of the trade's coupon and month, and the one it was sold at, 1e-5 point. */
  market: number;
  price: number;
  released: boolean;
  /** Cash and bulk: lowest and highest note rate taken, 1e-3 percent. */
  rates: readonly [number, number];
  minFico: number;
  /** Branches whose loans may be delivered, as a mask: a book of more than 60 trades is split among them. */
  branches: number;
  /** Cash and bulk: seed of the buyer's own view of each loan. */
  buyer: number;
}

const SHARES: readonly (readonly [kind: TradeKind, perMille: number])[] = [
  ['bulk', 34],
  ['stipulated', 83],
  ['cash', 300],
];

/** Price moves since the trade date: standard deviation 0.45 point, a little more often in the money than not. */
function moveOf(random: Prng): number {
  return Math.round((random.quantile(STANDARD_NORMAL) * 45_000) / 1_000) + 6_000;
}

function couponOf(random: Prng, programs: readonly (readonly [Program, number])[]): Coupon {
  const program = random.weighted(programs);
  const coupons = COUPONS.filter((coupon) => coupon.program === program);
  return random.weighted(coupons.map((coupon) => [coupon, coupon.weight]));
}

/** A mask of the branches a trade serves, so that a branch sells into about 60 trades however large the book. */
function branchesOf(random: Prng, count: number): number {
  let mask = 0;
  for (let branch = 0; branch < 16; branch += 1) {
    if (random.between(1, count) <= 60) mask |= 1 << branch;
  }
  return mask;
}

function tradeOf(random: Prng, id: string, kind: TradeKind, count: number): MarketTrade {
  const programs: readonly (readonly [Program, number])[] =
    kind === 'tba'
      ? [
          ['conv30', 60],
          ['conv15', 11],
          ['gov30', 29],
        ]
      : kind === 'cash'
        ? [
            ['conv30', 80],
            ['conv15', 20],
          ]
        : [['conv30', 1]];
  const coupon = couponOf(random, programs);
  const month =
    kind === 'bulk'
      ? 0
      : random.weighted([
          [0, 55],
          [1, 32],
          [2, 13],
        ]);
  const market = coupon.price - month * coupon.drop;
  const low = coupon.coupon + random.pick([125, 250, 375]);
  return {
    id,
    kind,
    coupon,
    program: coupon.program,
    story: kind === 'stipulated' ? random.pick(STORIES) : null,
    month,
    market,
    price: market + moveOf(random),
    released: kind === 'bulk' || (kind === 'cash' && random.chance(500)),
    rates: kind === 'bulk' ? [4_500, 8_000] : [low, low + random.pick([500, 625, 875])],
    minFico: kind === 'bulk' ? 680 : 0,
    branches: branchesOf(random, count),
    buyer: random.between(1, 12),
  };
}

/** A book of open trades: TBA sales first, then cash commitments, stipulated pools and bulk sales. */
export function marketTrades(random: Prng, count: number): MarketTrade[] {
  const kinds: TradeKind[] = SHARES.flatMap(([kind, share]) =>
    Array.from({ length: Math.max(1, Math.round((count * share) / 1000)) }, () => kind),
  );
  const width = String(count).length;
  return Array.from({ length: count }, (_, at) =>
    tradeOf(random, `T${String(at + 1).padStart(width, '0')}`, kinds[count - 1 - at] ?? 'tba', count),
  );
}

/** Tolerance of a trade in millionths of its target. */
export function toleranceOf(random: Prng, kind: TradeKind, tolerance: Tolerance): number {
  if (tolerance === 'tight') return 100;
  if (tolerance === 'wide') return 25_000;
  return { tba: 100, stipulated: 25_000, cash: 25_000, bulk: random.pick([10_000, 20_000, 50_000]) }[kind];
}
