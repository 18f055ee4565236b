import { type ProblemFile } from '@powerfill/core/allocation/problem/problem-file';
import { AllocationWorkerPool } from '@powerfill/core/allocation-worker';
import { marketProblem } from '../../../bench/market/problem';
import { LARGE_PLANTED, PLANTED_CASES, plantedProblem } from '../../../bench/planted/problem';
import { timeAbort } from '../../../bench/time-abort';
import { ALLOCATION_THREAD } from '../../support/allocation-thread';

let pool: AllocationWorkerPool;

beforeAll(() => {
  // So long that it is the solver that stops, not the pool that ends its thread.
  pool = new AllocationWorkerPool({ entry: ALLOCATION_THREAD, stopGraceMs: 60_000, helpers: 1 });
});

afterAll(() => pool.close());

const MIDDLE_PLANTED = PLANTED_CASES[10] ?? LARGE_PLANTED;

interface Moment {
  name: string;
  file: () => ProblemFile;
  /** Share of the work done from which the solve is there, and how long after it the abort comes, ms. */
  from: number;
  after: number;
}

const moments: Moment[] = [
  { name: 'the linear program', file: () => plantedProblem(LARGE_PLANTED).file, from: 0, after: 1_500 },
  { name: 'the local search', file: () => plantedProblem(MIDDLE_PLANTED).file, from: 0.55, after: 0 },
  {
    name: 'a sub-problem of the large-neighbourhood search',
    file: () => {
      const file = marketProblem({ loans: 1_000, trades: 30, tolerance: 'mixed', seed: 1 });
      return { ...file, options: { ...file.options, effort: 'deep' } };
    },
    from: 0.89,
    after: 200,
  },
];

describe('a solve in a thread, aborted in the middle of', () => {
  it.each(moments)('$name, rejects at once and stops by itself', async ({ file, from, after }) => {
    let since = Infinity;
    const times = await timeAbort(pool, file(), (done, ms) => {
      if (done >= from) since = Math.min(since, ms);
      return ms >= since + after;
    });
    // It would go on for many seconds. `npm run bench:abort` prints the milliseconds; here the machine may be busy.
    expect(times?.rejected).toBeLessThan(2_000);
    expect(times?.freeCpu).toBeLessThan(2_000);
  });
});
