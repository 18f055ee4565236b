import { type Effort, type ProblemFile, type ResultFile } from '@powerfill/core/allocation';
import { auditSolution } from '@powerfill/core/audit';
import { classCeilings, enumerate, type Enumeration } from './enumerate';
import { FAMILIES, type Family, smallCase } from './small-cases';
import { SolverProcess } from './solver-process';
import { units } from './units';

/** Cases of each of the 11 families. All 20,000: `POWERFILL_SMALL_CASES=1820 npx jest small-cases -i`. */
const CASES = Number(process.env['POWERFILL_SMALL_CASES'] ?? 46);
const EFFORTS: readonly Effort[] = ['interactive', 'standard', 'deep'];

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

function inGlobalMode(file: ProblemFile): ProblemFile {
  return { ...file, options: { ...file.options, mode: 'global' } };
}

/** The exact optimum with a bound that closes the gap. */
function checkGlobal(name: string, result: ResultFile, exact: Enumeration): void {
  const [objective, bound] = [cents(result.objective), cents(result.upper_bound)];
  expect({ name, objective, bound }).toEqual({ name, objective: exact.optimum, bound: exact.optimum });
}

/** The lexicographic optimum, class bounds no lower than what is possible, and the cost of the order in its range. */
function checkPriority(name: string, file: ProblemFile, result: ResultFile, exact: Enumeration): void {
  const classes = result.classes ?? [];
  const values = classes.map((step) => cents(step.objective));
  expect({ name, values }).toEqual({ name, values: exact.classes.slice(0, values.length) });
  const ceilings = classCeilings(file, values);
  for (const [step, bounded] of classes.entries()) {
    const [bound, ceiling] = [cents(bounded.upper_bound), ceilings[step] ?? 0];
    if (bound < ceiling) throw new Error(`${name}: class ${step} is bounded by ${bound}, but can reach ${ceiling}`);
  }
  const { low, high } = result.order_cost_usd ?? { low: '1', high: '0' };
  const cost = (enumerate(inGlobalMode(file)).optimum ?? 0) - cents(result.objective);
  if (cost < cents(low) || cost > cents(high))
    throw new Error(`${name}: the order costs ${cost}, not ${low} to ${high}`);
}

/** Solves a case and holds it against the enumeration and the audit. Returns whether it has a solution. */
async function check(family: Family, number: number): Promise<boolean> {
  const effort = EFFORTS[number % EFFORTS.length] ?? 'standard';
  const plain = smallCase(family, number);
  const file = { ...plain, options: { ...plain.options, effort } };
  const name = `${family.name}, case ${number}, ${effort}`;
  const answer = await solver.solve(file);
  const exact = enumerate(file);
  if (exact.optimum === null) {
    expect({ name, status: answer.status }).toEqual({ name, status: 'infeasible' });
    return false;
  }
  if (answer.status !== 'solved') throw new Error(`${name}: ${answer.status}, ${answer.message}`);
  const audit = auditSolution(file, answer.result);
  expect({ name, audit }).toEqual({ name, audit: { passed: true } });
  if (family.mode === 'global') checkGlobal(name, answer.result, exact);
  else checkPriority(name, file, answer.result, exact);
  return true;
}

describe('a small case', () => {
  it.each(FAMILIES)(
    'is solved exactly, or proven to have no solution ($name)',
    async (family) => {
      let feasible = 0;
      for (let number = 0; number < CASES; number += 1) feasible += (await check(family, number)) ? 1 : 0;
      expect(feasible).toBeGreaterThan(CASES / 10);
    },
    60_000 + CASES * 1_000,
  );
});
