import { gzipSync } from 'node:zlib';
import { type ProblemFile } from '@powerfill/core/allocation/problem/problem-file';
import { AllocationWorkerPool } from '@powerfill/core/allocation-worker';
import { marketProblem } from '../../../bench/market/problem';
import { plantedProblem } from '../../../bench/planted/problem';
import { ALLOCATION_THREAD } from '../../support/allocation-thread';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Solves with so many helpers; the answer as it crosses to the service. */
async function solved(file: ProblemFile, helpers: number): Promise<{ answer: unknown; progress: number[] }> {
  const pool = new AllocationWorkerPool({ entry: ALLOCATION_THREAD, helpers });
  const progress: number[] = [];
  try {
    const answer = await pool.solve({
      problem: gzipSync(JSON.stringify(file)),
      signal: new AbortController().signal,
      onProgress: (done) => progress.push(done),
    });
    return { answer, progress };
  } finally {
    await pool.close();
  }
}

describe('a solve that helpers share', () => {
  const planted = plantedProblem({ loans: 70, pools: 12, groups: 2, options: 5, seed: 5 }).file;
  const market = marketProblem({ loans: 150, trades: 8, tolerance: 'mixed', seed: 3 });
  const cases: [string, ProblemFile][] = [
    ['several searches under limits, then sub-problems', planted],
    ['sub-problems of a deep solve', { ...market, options: { ...market.options, effort: 'deep' } }],
  ];

  it.each(cases)('gives the same bytes with none, one or three (%s)', async (_, file) => {
    const alone = await solved(file, 0);
    for (const helpers of [1, 3]) {
      const { answer, progress } = await solved(file, helpers);
      expect(JSON.stringify(answer)).toBe(JSON.stringify(alone.answer));
      expect(progress).toEqual([...progress].sort((a, b) => a - b));
    }
  });

  it.each([0, 60_000])(
    'leaves no helper at work when it is aborted (its thread is ended after %d ms)',
    async (grace) => {
      const pool = new AllocationWorkerPool({ entry: ALLOCATION_THREAD, helpers: 2, stopGraceMs: grace });
      const controller = new AbortController();
      let done = 0;
      const { file } = plantedProblem({ loans: 300, pools: 40, groups: 4, options: 6, seed: 6 });
      const running = pool.solve({
        problem: gzipSync(JSON.stringify(file)),
        signal: controller.signal,
        onProgress: (now) => (done = now),
      });
      const ended = expect(running).rejects.toThrow('aborted');
      while (done < 0.52) await pause(20);
      controller.abort(new Error('aborted'));
      await ended;
      await pause(500);
      const before = process.cpuUsage();
      await pause(500);
      expect(process.cpuUsage(before).user / 1000).toBeLessThan(250);
      await pool.close();
    },
  );
});
