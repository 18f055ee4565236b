import { type MarketLoan } from '../market/loans';
import { type Prng } from '../prng';
import { fits, type Pool } from './pools';

/** Highest share of a pool's dollars in high-balance loans, in thousandths. */
export const HIGH_BALANCE_SHARE = 100;

/** A large pool draws this many times the loans of a small one. */
const LARGE_WEIGHT = 6;

/** The planted pool of each loan that found one; the others are not part of the case. */
export interface Planting {
  loans: MarketLoan[];
  pools: number[];
}

/**
 * Assigns loans at random to used pools that take them: ordinary loans first, then high-balance loans wherever the
 * share of the pool allows one more. A high-balance loan without such a pool is dropped.
 */
export function plant(random: Prng, loans: readonly MarketLoan[], pools: readonly Pool[]): Planting {
  const total = pools.map(() => 0);
  const high = pools.map(() => 0);
  const found: Planting = { loans: [], pools: [] };
  const settle = (loan: MarketLoan, options: readonly number[]): void => {
    if (options.length === 0) return;
    const at = random.weighted(options.map((option) => [option, pools[option]?.large ? LARGE_WEIGHT : 1]));
    total[at] = (total[at] ?? 0) + loan.amount;
    if (loan.highBalance) high[at] = (high[at] ?? 0) + loan.amount;
    found.loans.push(loan);
    found.pools.push(at);
  };
  const homes = (loan: MarketLoan): number[] =>
    pools.flatMap((pool, at) => (pool.used && fits(loan, pool.coupon) ? [at] : []));
  for (const loan of loans.filter(({ highBalance }) => !highBalance)) settle(loan, homes(loan));
  for (const loan of loans.filter(({ highBalance }) => highBalance)) {
    const roomy = homes(loan).filter((at) => {
      const after = (high[at] ?? 0) + loan.amount;
      return after * 1_000 <= ((total[at] ?? 0) + loan.amount) * HIGH_BALANCE_SHARE;
    });
    settle(loan, roomy);
  }
  return found;
}
