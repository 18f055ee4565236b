import {
  type CandidateInput,
  type ProblemFile,
  type TradeInput,
} from '@powerfill/core/allocation/problem/problem-file';
import { type MarketLoan, marketLoans } from '../market/loans';
import { SERVICING_MULTIPLE } from '../market/tables';
import { Prng } from '../prng';
import { plantedLimits } from './limits';
import { plant, type Planting } from './plant';
import { fits, type Pool, poolsOf } from './pools';

/** A case whose limits are drawn tightly around a solution that is planted first. */
export interface PlantedSpec {
  loans: number;
  pools: number;
  /** Limits over groups of pools. */
  groups: number;
  /** Eligible pools of a loan, its planted one included. */
  options: number;
  seed: number;
}

export interface PlantedCase {
  file: ProblemFile;
  /** The planted assignment, as a result file lists it; proof that the case has a solution. */
  assignments: { loan: string; trade: string }[];
}

/** The case of issue 3: some 3,500 loans, 450 pools and 46,000 candidates. */
export const LARGE_PLANTED: PlantedSpec = { loans: 3_700, pools: 450, groups: 14, options: 13, seed: 1 };

/** The fifty cases that must be solved within a minute each, of growing size. */
export const PLANTED_CASES: readonly PlantedSpec[] = Array.from({ length: 50 }, (_, at) => ({
  loans: 200 + 30 * at,
  pools: 30 + 4 * at,
  groups: 6 + (at % 9),
  options: 5 + (at % 8),
  seed: 1_000 + at,
}));

function money(cents: number): string {
  const digits = String(Math.max(0, cents)).padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** Price of a loan in a pool in 1e-5 point: coupon, strip, the pool's premium, and what the pair alone is worth. */
function priceOf(random: Prng, loan: MarketLoan, pool: Pool): number {
  const strip = ((loan.noteRate - pool.coupon.coupon) * SERVICING_MULTIPLE[loan.program]) / 2;
  return pool.coupon.price + Math.round(strip) + pool.premium + random.between(-8_000, 8_000);
}

function candidatesOf(random: Prng, planting: Planting, pools: readonly Pool[], options: number): CandidateInput[] {
  return planting.loans.flatMap((loan, at) => {
    const home = planting.pools[at] ?? -1;
    const others = pools.flatMap((pool, index) => (index !== home && fits(loan, pool.coupon) ? [index] : []));
    const chosen = [home, ...random.shuffled(others).slice(0, options - 1)].sort((a, b) => a - b);
    return chosen.flatMap((index) => {
      const pool = pools[index];
      return pool ? [{ loan: loan.id, trade: pool.id, score: priceOf(random, loan, pool) / 100_000 }] : [];
    });
  });
}

/** A pool's sizes: what the plant delivers, or about the size of the others, with little room and a high minimum if used. */
function tradeOf(random: Prng, pool: Pool, planted: number, typical: number): TradeInput {
  const size = planted > 0 ? planted : Math.round((typical * random.between(60, 140)) / 100);
  const max = size + Math.round((size * random.pick([1, 5, 10, 30])) / 1_000);
  const trade: TradeInput = { id: pool.id, max: money(max) };
  if (random.chance(700)) trade.must_reach = money(Math.floor((size * random.pick([60, 80, 95])) / 100));
  if (planted > 0 && random.chance(500)) {
    trade.target = money(size);
    trade.min = money(size - Math.round((size * random.pick([1, 5, 25])) / 1_000));
    trade.pair_off_points = random.pick([0.125, 0.375, 0.75, -0.125]);
  }
  return trade;
}

/** Builds the case; `place_all` holds, so that no loan may be left out to satisfy a limit. */
export function plantedProblem(spec: PlantedSpec): PlantedCase {
  const random = new Prng(spec.seed);
  const pools = poolsOf(random, spec.pools);
  const planting = plant(random, marketLoans(random, spec.loans), pools);
  const fills = pools.map(() => 0);
  planting.loans.forEach((loan, at) => {
    const pool = planting.pools[at] ?? -1;
    fills[pool] = (fills[pool] ?? 0) + loan.amount;
  });
  const used = fills.filter((fill) => fill > 0).sort((a, b) => a - b);
  const typical = used[Math.floor(used.length / 2)] ?? 0;
  const file: ProblemFile = {
    loans: planting.loans.map((loan) => ({
      id: loan.id,
      amount: money(loan.amount),
      attributes: {
        fico: loan.fico,
        ltv: loan.ltv,
        dti: loan.dti,
        state: loan.state,
        occupancy: loan.occupancy,
        hb: loan.highBalance ? 1 : 0,
      },
    })),
    trades: pools.map((pool, at) => tradeOf(random, pool, fills[at] ?? 0, typical)),
    candidates: candidatesOf(random, planting, pools, spec.options),
    limits: plantedLimits(random, pools, planting, spec.groups),
    options: { mode: 'global', reservation_price: 100, place_all: true },
  };
  const assignments = planting.loans.map((loan, at) => ({
    loan: loan.id,
    trade: pools[planting.pools[at] ?? -1]?.id ?? '',
  }));
  return { file, assignments };
}
