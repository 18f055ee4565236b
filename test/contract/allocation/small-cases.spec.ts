import { type Effort, type ProblemFile } from '@powerfill/core/allocation/problem-file';
import { auditSolution } from '@powerfill/core/audit';
import { classCeilings, enumerate } from './enumerate';
import { FAMILIES, type Family, smallCase } from './small-cases';
import { SolverProcess } from './solver-process';
import { units } from './units';

/** How many cases of each family to look at. More: `POWERFILL_SMALL_CASES=10000 npx jest small-cases -i`. */
const CASES = Number(process.env['POWERFILL_SMALL_CASES'] ?? 250);
const EFFORTS: readonly Effort[] = ['interactive', 'standard', 'deep'];

/** Families this version of the core solves; it refuses the others. */
const SOLVED = FAMILIES.filter(({ limits, mustReach, placeAll }) => !limits && !mustReach && !placeAll);
const REFUSED = FAMILIES.filter((family) => !SOLVED.includes(family));

/** The search is no enumeration: this share of small cases, per thousand, it must still solve to the cent. */
const SOLVED_EXACTLY = 900;

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
  const answer = await solver.solve(file);
  const exact = enumerate(file);
  const name = `${family.name}, case ${number}, ${effort}`;
  if (answer.status !== 'solved' || exact.optimum === null) throw new Error(`${name}: ${answer.status}`);
  const { result } = answer;
  const audit = auditSolution(file, result);
  expect({ name, audit }).toEqual({ name, audit: { passed: true } });

  const objective = cents(result.objective);
  if (family.mode === 'global') {
    const upperBound = cents(result.upper_bound);
    const holds = objective <= exact.optimum && exact.optimum <= upperBound;
    if (!holds) throw new Error(`${name}: ${objective} <= ${exact.optimum} <= ${upperBound} does not hold`);
    return objective === exact.optimum;
  }

  const classes = result.classes ?? [];
  const values = classes.map((step) => cents(step.objective));
  const optimum = exact.classes.slice(0, values.length);
  if (compare(values, optimum) > 0) throw new Error(`${name}: [${values.join()}] is better than [${optimum.join()}]`);
  const ceilings = classCeilings(file, values);
  for (const [step, bounded] of classes.entries()) {
    const [bound, ceiling] = [cents(bounded.upper_bound), ceilings[step] ?? 0];
    if (bound < ceiling) throw new Error(`${name}: class ${step} is bounded by ${bound}, but can reach ${ceiling}`);
  }
  const { low, high } = result.order_cost_usd ?? { low: '1', high: '0' };
  const cost = (enumerate(inGlobalMode(file)).optimum ?? 0) - objective;
  if (cost < cents(low) || cost > cents(high))
    throw new Error(`${name}: the order costs ${cost}, not ${low} to ${high}`);
  return compare(values, optimum) === 0;
}

describe('a small case', () => {
  it.each(SOLVED)(
    'is solved as well as the certificate says, and mostly to the cent ($name)',
    async (family) => {
      let exact = 0;
      for (let number = 0; number < CASES; number += 1) exact += (await check(family, number)) ? 1 : 0;
      expect(exact).toBeGreaterThanOrEqual(Math.floor((CASES * SOLVED_EXACTLY) / 1000));
    },
    60_000 + CASES * 1_000,
  );

  it.each(REFUSED)('is refused, not solved wrongly, when it holds what is not supported ($name)', async (family) => {
    for (let number = 0; number < CASES; number += 1) {
      const file = smallCase(family, number);
      const plain = !file.limits?.length && !file.options?.place_all && file.trades.every((trade) => !trade.must_reach);
      if (!plain) expect(await solver.solve(file)).toMatchObject({ status: 'unsupported' });
    }
  });
});
