import { type Effort } from '@powerfill/core/allocation';
import { type MarketSpec } from './market/problem';
import { type Tolerance } from './market/trades';

/** A row of the target table (engine.md, "What it must reach"), over regimes and seeds. */
export interface BenchRow {
  name: string;
  loans: number;
  trades: number;
  tolerances: readonly Tolerance[];
  seeds: readonly number[];
  effort: Effort;
  mode: NonNullable<MarketSpec['mode']>;
  limits: boolean;
  /** Budget on two slow cores; HiGHS gets the same. */
  seconds: number;
  /** Gap to reach, basis points of UPB. */
  targetBp: number;
  /** Seeds that HiGHS solves beside us. */
  highsSeeds: readonly number[];
}

const FIVE = [1, 2, 3, 4, 5];
const EVERY: readonly Tolerance[] = ['tight', 'wide', 'mixed'];
const BASE = {
  mode: 'global',
  limits: false,
  effort: 'standard',
  tolerances: EVERY,
  seeds: FIVE,
  highsSeeds: [1],
} as const;

export const ROWS: readonly BenchRow[] = [
  { ...BASE, name: 'interactive', loans: 1_000, trades: 30, effort: 'interactive', seconds: 2, targetBp: 0.3 },
  { ...BASE, name: 'desk', loans: 5_000, trades: 60, seconds: 6, targetBp: 0.06 },
  { ...BASE, name: 'deep', loans: 5_000, trades: 60, effort: 'deep', seconds: 60, targetBp: 0.02 },
  {
    ...BASE,
    name: 'limits',
    loans: 5_000,
    trades: 60,
    limits: true,
    tolerances: ['mixed'],
    seconds: 15,
    targetBp: 0.15,
  },
  {
    ...BASE,
    name: 'priority',
    loans: 5_000,
    trades: 60,
    mode: 'priority',
    tolerances: ['mixed'],
    highsSeeds: [],
    seconds: 6,
    targetBp: 0.06,
  },
  { ...BASE, name: 'large', loans: 10_000, trades: 100, seeds: [1, 2, 3], seconds: 12, targetBp: 0.06 },
  {
    ...BASE,
    name: 'stress',
    loans: 50_000,
    trades: 100,
    tolerances: ['mixed'],
    seeds: [1],
    seconds: 45,
    targetBp: 0.03,
  },
];

/** One line of the bench: a problem and how to solve it. */
export interface BenchCase {
  market: MarketSpec;
  effort: Effort;
}

/** The cases of a row, by regime and then by seed. */
export function casesOf(row: BenchRow, seeds: readonly number[] | undefined): BenchCase[] {
  return row.tolerances.flatMap((tolerance) =>
    (seeds ?? row.seeds).map((seed) => ({
      effort: row.effort,
      market: { loans: row.loans, trades: row.trades, tolerance, seed, mode: row.mode, limits: row.limits },
    })),
  );
}
