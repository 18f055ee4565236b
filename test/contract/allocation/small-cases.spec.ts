import {
  type Effort,
  type ProblemFile,
  readProblem,
  solve,
  type SolveOutcome,
  toResultFile,
  UnsupportedProblemError,
} from '@powerfill/core/allocation';
import { auditSolution } from '@powerfill/core/audit';
import { classCeilings, enumerate } from './enumerate';
import { FAMILIES, type Family, smallCase } from './small-cases';

/** How many cases of each family to look at. More: `POWERFILL_SMALL_CASES=10000 npx jest small-cases -i`. */
const CASES = Number(process.env['POWERFILL_SMALL_CASES'] ?? 100);
const EFFORTS: readonly Effort[] = ['interactive', 'standard', 'deep'];

/** Families this version of the core solves; it refuses the others. */
const SOLVED = FAMILIES.filter(({ limits, mustReach, placeAll }) => !limits && !mustReach && !placeAll);
const REFUSED = FAMILIES.filter((family) => !SOLVED.includes(family));

/** The search is no enumeration: this share of small cases, per thousand, it must still solve to the cent. */
const SOLVED_EXACTLY = 900;

function solveCase(file: ProblemFile): Promise<SolveOutcome> {
  return solve(readProblem(file), { shouldStop: () => false, onProgress: () => undefined });
}

/** Minus when `a` is the worse tuple. */
function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, step) => value !== b[step]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}

function inGlobalMode(file: ProblemFile): ProblemFile {
  return { ...file, options: { ...file.options, mode: 'global' } };
}

/**
 * Holds a solution against the enumeration: audited, no better than the optimum, bounds no lower than what is possible.
 * Returns whether it is the optimum.
 */
async function check(family: Family, number: number): Promise<boolean> {
  const effort = EFFORTS[number % EFFORTS.length] ?? 'standard';
  const plain = smallCase(family, number);
  const file = { ...plain, options: { ...plain.options, effort } };
  const outcome = await solveCase(file);
  const exact = enumerate(file);
  const name = `${family.name}, case ${number}, ${effort}`;
  if (outcome.status !== 'solved' || exact.optimum === null) throw new Error(`${name}: ${outcome.status}`);
  const { solution } = outcome;
  const audit = auditSolution(file, toResultFile(solution, { audit: 'passed', ms: 0 }));
  expect({ name, audit }).toEqual({ name, audit: { passed: true } });

  if (family.mode === 'global') {
    const { objective, upperBound } = solution;
    const order = objective <= exact.optimum && exact.optimum <= upperBound ? 'objective <= optimum <= bound' : 'wrong';
    expect({ name, objective, optimum: exact.optimum, upperBound, order }).toMatchObject({
      order: 'objective <= optimum <= bound',
    });
    return objective === exact.optimum;
  }

  const classes = solution.classes ?? [];
  const values = classes.map(({ value }) => value);
  const optimum = exact.classes.slice(0, values.length);
  if (compare(values, optimum) > 0) throw new Error(`${name}: [${values.join()}] is better than [${optimum.join()}]`);
  const ceilings = classCeilings(file, values);
  for (const [step, { upperBound }] of classes.entries()) {
    const ceiling = ceilings[step] ?? 0;
    if (upperBound < ceiling)
      throw new Error(`${name}: class ${step} is bounded by ${upperBound}, can reach ${ceiling}`);
  }
  const { low, high } = solution.orderCost ?? { low: 1, high: 0 };
  const cost = (enumerate(inGlobalMode(file)).optimum ?? 0) - solution.objective;
  if (cost < low || cost > high) throw new Error(`${name}: the order costs ${cost}, not ${low} to ${high}`);
  return compare(values, optimum) === 0;
}

describe('a small case', () => {
  it.each(SOLVED)(
    'is solved as well as the certificate says, and mostly to the cent ($name)',
    async (family) => {
      let exact = 0;
      for (let number = 0; number < CASES; number += 1) exact += (await check(family, number)) ? 1 : 0;
      expect(exact).toBeGreaterThanOrEqual((CASES * SOLVED_EXACTLY) / 1000);
    },
    60_000 + CASES * 1_000,
  );

  it.each(REFUSED)('is refused, not solved wrongly, when it holds what is not supported ($name)', async (family) => {
    for (let number = 0; number < CASES; number += 1) {
      const file = smallCase(family, number);
      const plain = !file.limits?.length && !file.options?.place_all && file.trades.every((trade) => !trade.must_reach);
      if (!plain) await expect(solveCase(file)).rejects.toThrow(UnsupportedProblemError);
    }
  });
});
