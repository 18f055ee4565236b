import fc from 'fast-check';
import { type ProblemFile } from './problem/problem-file';
import { readProblem } from './problem/read-problem';
import { toResultFile } from './certificate/result-file';
import { type Solution, type SolveControl } from './solution';
import { solve } from './solve';
import { enumerate, judge } from './testing/enumerate';
import { smallProblems } from './testing/small-problems';

const quiet: SolveControl = { shouldStop: () => false, onProgress: () => undefined };

async function solved(file: ProblemFile): Promise<Solution> {
  const outcome = await solve(readProblem(file), quiet);
  if (outcome.status !== 'solved') throw new Error(outcome.status);
  return outcome.solution;
}

function chosenOf({ problem, assignment }: Solution): number[] {
  return Array.from(assignment, (trade, i) => {
    for (let c = problem.candidates.start[i]!; c < problem.candidates.start[i + 1]!; c++)
      if (trade >= 0 && problem.candidates.trade[c] === trade) return c;
    return -1;
  });
}

const big = (a: bigint, b: bigint): bigint => (a > b ? a : b);

test('on small global problems the objective is true, at most the optimum, and the bound at least it', async () => {
  await fc.assert(
    fc.asyncProperty(smallProblems, async (file) => {
      const solution = await solved({ ...file, options: { ...file.options, mode: 'global', effort: 'interactive' } });
      const own = judge(solution.problem, chosenOf(solution));
      const optimum = enumerate(solution.problem).reduce((best, j) => big(best, j.objective), own.objective);
      expect(own.feasible).toBe(true);
      expect(BigInt(solution.objective)).toBe(own.objective);
      expect(BigInt(solution.upperBound)).toBeGreaterThanOrEqual(optimum);
    }),
    { numRuns: 60 },
  );
});

test('on small priority problems each class bound holds for all assignments that keep the earlier classes', async () => {
  await fc.assert(
    fc.asyncProperty(smallProblems, async (file) => {
      const solution = await solved({ ...file, options: { ...file.options, mode: 'priority', effort: 'interactive' } });
      const own = judge(solution.problem, chosenOf(solution));
      expect(own.feasible).toBe(true);
      expect(solution.classes!.map((c) => BigInt(c.value))).toEqual(own.classValues);
      const all = enumerate(solution.problem);
      solution.classes!.forEach((c, k) => {
        const keeping = all.filter((j) => own.classValues.slice(0, k).every((value, l) => j.classValues[l]! >= value));
        const best = keeping.reduce((top, j) => big(top, j.classValues[k]!), BigInt(c.value));
        expect(BigInt(c.upperBound)).toBeGreaterThanOrEqual(best);
      });
    }),
    { numRuns: 40 },
  );
});

test('the result does not depend on the order of the file', async () => {
  await fc.assert(
    fc.asyncProperty(smallProblems, async (file) => {
      const reversed = {
        ...file,
        loans: [...file.loans].reverse(),
        trades: [...file.trades].reverse(),
        candidates: [...file.candidates].reverse(),
      };
      const facts = { audit: 'passed', ms: 0 } as const;
      expect(toResultFile(await solved(reversed), facts)).toEqual(toResultFile(await solved(file), facts));
    }),
    { numRuns: 15 },
  );
});

/**
 * T1 has room for one of the two loans of $100,000. L1 is worth 2.00 points there ($2,000) and 1.50 in T2 ($1,500);
 * L2 is worth 1.80 in T1 ($1,800) and nothing else. Best: L2 in T1 and L1 in T2, $3,300; greedy takes L1 first: $2,000.
 */
const twoLoans: ProblemFile = {
  loans: [
    { id: 'L1', amount: '100000.00' },
    { id: 'L2', amount: '100000.00' },
  ],
  trades: [
    { id: 'T1', max: '100000.00' },
    { id: 'T2', max: '100000.00' },
  ],
  candidates: [
    { loan: 'L1', trade: 'T1', score: 2, priority: 1, constraint: 'first' },
    { loan: 'L1', trade: 'T2', score: 1.5, priority: 2 },
    { loan: 'L2', trade: 'T1', score: 1.8, priority: 2 },
  ],
};

test('a loan gives way where its second choice costs less than the other loan earns', async () => {
  const result = toResultFile(await solved(twoLoans), { audit: 'passed', ms: 0 });
  expect(result.assignments).toEqual([
    { loan: 'L1', trade: 'T2' },
    { loan: 'L2', trade: 'T1' },
  ]);
  expect(result).toMatchObject({ objective: '3300.00', greedy_objective: '2000.00', gain_over_greedy_usd: '1300.00' });
});

test('in priority mode the first class keeps its room, and the loan it displaces names its constraint', async () => {
  const result = toResultFile(await solved({ ...twoLoans, options: { mode: 'priority' } }), { audit: 'passed', ms: 0 });
  expect(result.assignments).toEqual([
    { loan: 'L1', trade: 'T1' },
    { loan: 'L2', trade: null },
  ]);
  // The order costs 3,300 - 2,000.
  expect(result).toMatchObject({ objective: '2000.00', order_cost_usd: { low: '1300.00', high: '1300.00' } });
  expect(result.kickouts).toMatchObject([{ loan: 'L2', code: 'NO_ROOM', nearest_trade: 'T1', displaced_by: 'L1' }]);
});

/** Delivering L1 costs 0.10 points ($100) by itself, but saves the fee of 0.25 points on $100,000 ($250). */
test('a loan below its reservation is delivered when that is cheaper than the pair-off', async () => {
  const file: ProblemFile = {
    loans: [{ id: 'L1', amount: 100000 }],
    trades: [{ id: 'T1', target: 100000, pair_off_points: 0.25 }],
    candidates: [{ loan: 'L1', trade: 'T1', score: 99.9 }],
    options: { reservation_price: 100 },
  };
  expect(await solved(file)).toMatchObject({ objective: -10_000, assignment: Int32Array.of(0) });
});

test('a stop is honoured', async () => {
  const control = { shouldStop: () => true, onProgress: () => undefined };
  await expect(solve(readProblem(twoLoans), control)).rejects.toMatchObject({ code: 'SOLVE_ABORTED' });
});
