import { type Effort } from '@powerfill/core/allocation';
import { type ProblemFile } from '@powerfill/core/allocation/problem/problem-file';
import { marketProblem, type MarketSpec } from './market/problem';
import { type Tolerance } from './market/trades';
import { LARGE_PLANTED, PLANTED_CASES, plantedProblem, type PlantedSpec } from './planted/problem';

/** One line of the bench: a problem and how to solve it. Plain data, it crosses to child processes as JSON. */
export interface BenchCase {
  regime: string;
  seed: number;
  effort: Effort;
  market?: MarketSpec;
  planted?: PlantedSpec;
}

/** A row of the target table (engine.md, "What it must reach"). */
export interface BenchRow {
  name: string;
  /** Budget on two slow cores; HiGHS gets the same. */
  seconds: number;
  /** Gap to reach, basis points of UPB. */
  targetBp: number;
  cases: readonly BenchCase[];
  /** Seeds that HiGHS solves beside us. */
  highsSeeds: readonly number[];
}

const FIVE = [1, 2, 3, 4, 5];
const EVERY: readonly Tolerance[] = ['tight', 'wide', 'mixed'];

/** The cases of a size, by regime and then by seed. */
function marketCases(
  size: Omit<MarketSpec, 'tolerance' | 'seed'>,
  tolerances: readonly Tolerance[],
  seeds: readonly number[],
  effort: Effort = 'standard',
): BenchCase[] {
  return tolerances.flatMap((tolerance) =>
    seeds.map((seed) => ({ regime: tolerance, seed, effort, market: { ...size, tolerance, seed } })),
  );
}

function plantedCase(planted: PlantedSpec): BenchCase {
  return { regime: 'planted', seed: planted.seed, effort: 'standard', planted };
}

const SMALL = { loans: 1_000, trades: 30 };
const DESK = { loans: 5_000, trades: 60 };

export const ROWS: readonly BenchRow[] = [
  {
    name: 'interactive',
    seconds: 2,
    targetBp: 0.3,
    cases: marketCases(SMALL, EVERY, FIVE, 'interactive'),
    highsSeeds: [1],
  },
  { name: 'desk', seconds: 6, targetBp: 0.06, cases: marketCases(DESK, EVERY, FIVE), highsSeeds: [1] },
  { name: 'deep', seconds: 60, targetBp: 0.02, cases: marketCases(DESK, EVERY, FIVE, 'deep'), highsSeeds: [1] },
  {
    name: 'limits',
    seconds: 15,
    targetBp: 0.15,
    cases: marketCases({ ...DESK, limits: true }, ['mixed'], FIVE),
    highsSeeds: [1],
  },
  {
    name: 'priority',
    seconds: 6,
    targetBp: 0.06,
    cases: marketCases({ ...DESK, mode: 'priority' }, ['mixed'], FIVE),
    highsSeeds: [],
  },
  {
    name: 'large',
    seconds: 12,
    targetBp: 0.06,
    cases: marketCases({ loans: 10_000, trades: 100 }, EVERY, [1, 2, 3]),
    highsSeeds: [1],
  },
  {
    name: 'stress',
    seconds: 45,
    targetBp: 0.03,
    cases: marketCases({ loans: 50_000, trades: 100 }, ['mixed'], [1]),
    highsSeeds: [1],
  },
  { name: 'pools', seconds: 60, targetBp: 0.5, cases: [plantedCase(LARGE_PLANTED)], highsSeeds: [LARGE_PLANTED.seed] },
  {
    name: 'planted',
    seconds: 60,
    targetBp: 0.5,
    cases: PLANTED_CASES.map(plantedCase),
    highsSeeds: PLANTED_CASES.map(({ seed }) => seed),
  },
];

/** The case with another seed; a planted case keeps its size. */
export function withSeed(bench: BenchCase, seed: number): BenchCase {
  const { market, planted } = bench;
  return {
    ...bench,
    seed,
    ...(market && { market: { ...market, seed } }),
    ...(planted && { planted: { ...planted, seed } }),
  };
}

/** Generates the problem of a case. */
export function problemOf({ market, planted, effort }: BenchCase): ProblemFile {
  const file = market ? marketProblem(market) : planted ? plantedProblem(planted).file : undefined;
  if (!file) throw new Error('a case needs a market or a planted problem');
  return { ...file, options: { ...file.options, effort } };
}
