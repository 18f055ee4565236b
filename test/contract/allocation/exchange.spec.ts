import { lockedAssignment, objectiveOf, withStage } from '@powerfill/core/allocation/stage/assignment';
import { conditionsOf, judgeConditions } from '@powerfill/core/allocation/stage/conditions';
import { SolveAborted } from '@powerfill/core/allocation/errors';
import { ExchangeSearch } from '@powerfill/core/allocation/polish/exchange-search';
import { highsRuntime } from '@powerfill/core/allocation/relaxation/highs-runtime';
import { oneLevel } from '@powerfill/core/allocation/stage/level-terms';
import { optionWorths } from '@powerfill/core/allocation/relaxation/option-worths';
import { type ProblemFile } from '@powerfill/core/allocation/problem/problem-file';
import { Random } from '@powerfill/core/allocation/random';
import { readProblem } from '@powerfill/core/allocation/problem/read-problem';
import { solveRestrictedLp } from '@powerfill/core/allocation/relaxation/restricted-lp';
import { wholeStage } from '@powerfill/core/allocation/stage/stage';
import { restrict } from '@powerfill/core/allocation/stage/restrictions';
import { MutableStanding } from '@powerfill/core/allocation/polish/standing';
import { enumerate } from './enumerate';
import { FAMILIES, smallCase } from './small-cases';

const CASES = 120;
const SETS = 60;
/** Of the order of what loans earn. */
const LOSS = 100_000;
const idle = (): void => undefined;

/**
 * Exchanges from nothing placed; what comes out, or null where nothing placed is not allowed or nothing can be placed.
 * Every loss by the guide is within reach, so that two trades and up to ten loans are tried in all combinations.
 *
 * @param loss what an exchange may lose at first, cents
 */
async function exchanged(file: ProblemFile, loss: number): Promise<{ before: number; after: number } | null> {
  const problem = readProblem(file);
  const conditions = conditionsOf(problem);
  const stage = wholeStage(problem);
  if (stage.loans.length === 0) return null;
  const locked = lockedAssignment(problem);
  const restrictions = restrict(problem, conditions, stage, locked.candidate);
  const lp = solveRestrictedLp(await highsRuntime(), stage, restrictions, idle);
  if (lp === null) return null;
  const nothing = { option: new Int32Array(stage.loans.length).fill(-1), fill: stage.baseFill.slice() };
  const charges = { row: new Float64Array(restrictions.rowCount).fill(1), reach: 1, out: 1 };
  const standing = new MutableStanding(stage, restrictions, charges, nothing);
  if (standing.missed() > 0) return null;
  const guide = optionWorths(stage, restrictions, oneLevel(stage), lp);
  const search = new ExchangeSearch(stage, restrictions, { ...lp, guide }, Infinity, new Random(1));
  const before = standing.objective();
  search.improve(standing, SETS, loss, idle);
  expect(standing.missed()).toBe(0);
  expect(standing.objective()).toBeGreaterThanOrEqual(before);
  const found = withStage(locked, stage, standing.snapshot());
  expect(judgeConditions(problem, conditions, found.candidate).broken).toBeNull();
  return { before: objectiveOf(problem, withStage(locked, stage, nothing)), after: objectiveOf(problem, found) };
}

describe('exchanges', () => {
  // With place_all nothing placed is not allowed.
  const families = FAMILIES.filter(({ name, mode, relax }) => mode === 'global' && !relax && !/place_all/.test(name));

  it.each(families)('keep what must hold and find the best of two trades ($name)', async (family) => {
    let pairs = 0;
    let missed = 0;
    for (let number = 0; number < CASES; number += 1) {
      const file = smallCase(family, number);
      const { optimum } = enumerate(file);
      if (optimum === null) continue;
      const objective = await exchanged(file, 0);
      if (objective === null) continue;
      expect(objective.after).toBeLessThanOrEqual(optimum);
      expect((await exchanged(file, LOSS))!.after).toBeLessThanOrEqual(optimum);
      if (file.trades.length > 2 || file.loans.length > 10) continue;
      pairs += 1;
      // Two trades that share no loan, but a limit, are not tried together.
      if (objective.after < optimum) missed += 1;
    }
    expect(pairs).toBeGreaterThan(20);
    expect(missed).toBeLessThanOrEqual(pairs * 0.1);
  });

  it('can be stopped', async () => {
    const problem = readProblem(smallCase(families[0]!, 1));
    const stage = wholeStage(problem);
    const restrictions = restrict(problem, conditionsOf(problem), stage, lockedAssignment(problem).candidate);
    const lp = await highsRuntime().then((highs) => solveRestrictedLp(highs, stage, restrictions, idle));
    const guide = optionWorths(stage, restrictions, oneLevel(stage), lp!);
    const search = new ExchangeSearch(stage, restrictions, { ...lp!, guide }, Infinity, new Random(1));
    const nothing = { option: new Int32Array(stage.loans.length).fill(-1), fill: stage.baseFill.slice() };
    const charges = { row: new Float64Array(restrictions.rowCount), reach: 0, out: 0 };
    const stop = (): void => {
      throw new SolveAborted();
    };
    const standing = new MutableStanding(stage, restrictions, charges, nothing);
    expect(() => search.improve(standing, 1, 0, stop)).toThrow(SolveAborted);
  });
});
