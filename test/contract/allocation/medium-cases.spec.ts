import { type ProblemFile } from '@powerfill/core/allocation/problem/problem-file';
import { auditAssignment, auditSolution } from '@powerfill/core/audit';
import { mipModel } from '../../../bench/highs/mip-model';
import { solveMip } from '../../../bench/highs/solve-mip';
import { marketProblem } from '../../../bench/market/problem';
import { plantedProblem } from '../../../bench/planted/problem';
import { SolverProcess } from './solver-process';
import { units } from './units';

/** Cases of each family, too large for the core's exact path and small enough for HiGHS to finish. */
const CASES = Number(process.env['POWERFILL_MEDIUM_CASES'] ?? 12);
const HIGHS_SECONDS = 10;

let solver: SolverProcess;

beforeAll(() => {
  solver = new SolverProcess();
});

afterAll(() => {
  solver.close();
});

function cents(dollars: string): number {
  return Number(units(dollars, 2));
}

/** Cents of the best assignment HiGHS finds, as the audit prices it, and of its bound, with room for its rounding. */
async function byHighs(file: ProblemFile): Promise<{ found: number; bound: number }> {
  const { columns, bound } = await solveMip(mipModel(file), HIGHS_SECONDS);
  const chosen = new Map<string, string>();
  file.candidates.forEach(({ loan, trade }, at) => {
    if ((columns?.[at] ?? 0) > 0.5) chosen.set(loan, trade);
  });
  const assignments = file.loans.map(({ id }) => ({ loan: id, trade: chosen.get(id) ?? null }));
  const { objective, report } = auditAssignment(file, assignments);
  return {
    found: columns && report.passed ? Number(objective) : Number.NEGATIVE_INFINITY,
    bound: bound === null ? Number.POSITIVE_INFINITY : Math.ceil(bound * 100) + 2 * file.loans.length + 100,
  };
}

/** Our solution passes the audit, our bound is above what HiGHS found, and we are below the bound of HiGHS. */
async function check(name: string, file: ProblemFile): Promise<'solved' | 'not_found'> {
  const answer = await solver.solve(file);
  // Doing nothing, or the planted solution, satisfies everything: a proof of the contrary is a wrong proof.
  if (answer.status !== 'solved') {
    if (answer.status !== 'not_found') throw new Error(`${name}: ${answer.status}, ${answer.message}`);
    return 'not_found';
  }
  const audit = auditSolution(file, answer.result);
  expect({ name, audit }).toEqual({ name, audit: { passed: true } });
  const [objective, upperBound] = [cents(answer.result.objective), cents(answer.result.upper_bound)];
  const { found, bound } = await byHighs(file);
  if (found > upperBound) throw new Error(`${name}: HiGHS found ${found}, above our bound ${upperBound}`);
  if (objective > bound) throw new Error(`${name}: our ${objective} is above the bound of HiGHS, ${bound}`);
  return 'solved';
}

interface MediumFamily {
  name: string;
  build: (number: number) => ProblemFile;
  /** How many of a hundred cases the search must find a solution for; every one of them has one. */
  solvedOfHundred: number;
}

const REGIMES = ['tight', 'wide', 'mixed'] as const;

const FAMILIES: readonly MediumFamily[] = [
  {
    name: 'tolerances and pair-offs',
    build: (seed) => marketProblem({ loans: 30 + seed, trades: 6, tolerance: REGIMES[seed % 3] ?? 'mixed', seed }),
    solvedOfHundred: 100,
  },
  {
    name: 'limits and minimums if used',
    build: (seed) => marketProblem({ loans: 60 + seed, trades: 8, tolerance: 'mixed', seed, limits: true }),
    solvedOfHundred: 100,
  },
  {
    name: 'tight limits around a planted solution, place_all',
    build: (seed) => plantedProblem({ loans: 60 + seed, pools: 14, groups: 3, options: 3, seed }).file,
    solvedOfHundred: 100,
  },
];

describe('a case beyond the exact path', () => {
  it('is solved the same whether minimums may be missed or not, where they need not be', async () => {
    const { file } = plantedProblem({ loans: 120, pools: 20, groups: 3, options: 4, seed: 1 });
    const strict = await solver.solve({ ...file, options: { ...file.options, effort: 'interactive' } });
    const relaxed = await solver.solve({
      ...file,
      options: { ...file.options, effort: 'interactive', unreachable: 'relax' },
    });
    if (strict.status !== 'solved' || relaxed.status !== 'solved') throw new Error('a planted case has a solution');
    expect(relaxed.result.assignments).toEqual(strict.result.assignments);
    expect(relaxed.result.upper_bound).toBe(strict.result.upper_bound);
  });

  it.each(FAMILIES)(
    'agrees with HiGHS on what is possible ($name)',
    async ({ name, build, solvedOfHundred }) => {
      let solved = 0;
      for (let number = 0; number < CASES; number += 1) {
        if ((await check(`${name}, case ${number}`, build(number))) === 'solved') solved += 1;
      }
      expect(solved).toBeGreaterThanOrEqual(Math.floor((CASES * solvedOfHundred) / 100));
    },
    60_000 + CASES * 2_000 * HIGHS_SECONDS,
  );
});
