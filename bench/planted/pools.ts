import { type MarketLoan } from '../market/loans';
import { COUPONS, type Coupon } from '../market/tables';
import { type Prng } from '../prng';

/** A pool to fill: one coupon, a size class, and its own price. */
export interface Pool {
  id: string;
  coupon: Coupon;
  /** Large pools are the only ones with room for high-balance loans under a share of 10 %. */
  large: boolean;
  /** Used by the planted solution. */
  used: boolean;
  /** Over the coupon's price, 1e-5 point. */
  premium: number;
}

/** Note rate over coupon that a pool takes, 1e-3 percent: wide enough for two or three coupons a loan. */
const BAND: readonly [number, number] = [250, 1_125];

/** Whether the loan may go to a pool of this coupon. */
export function fits(loan: MarketLoan, coupon: Coupon): boolean {
  const spread = loan.noteRate - coupon.coupon;
  return loan.program === coupon.program && spread >= BAND[0] && spread <= BAND[1];
}

/** Pools over all coupons; a quarter is not used by the planted solution, a tenth is large. */
export function poolsOf(random: Prng, count: number): Pool[] {
  const coupons = COUPONS.filter(({ weight }) => weight > 0);
  const width = String(count).length;
  return Array.from({ length: count }, (_, at) => ({
    id: `P${String(at + 1).padStart(width, '0')}`,
    // The first pools are one used large pool per coupon, so that no loan is left without a home.
    coupon: coupons[at] ?? random.weighted(coupons.map((coupon) => [coupon, coupon.weight])),
    large: at < coupons.length || random.chance(80),
    used: at < coupons.length || random.chance(750),
    premium: random.between(-30_000, 40_000),
  }));
}
