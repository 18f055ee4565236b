import { type Highs } from 'highs';
import { type Checkpoint } from '../checkpoint';
import { type Problem } from '../problem/problem';
import { type Conditions, withoutMinimums } from '../stage/conditions';
import { restrict, type Restrictions } from '../stage/restrictions';
import { type Stage } from '../stage/stage';
import { type RestrictedLp, solveRestrictedLp } from './restricted-lp';

/**
 * Where minimums may be missed and must be: the linear relaxation without them.
 *
 * @param restrictions the rows of the stage, of which none costs anything in the result
 * @returns null: minimums may not be missed, or are not what makes the stage infeasible
 */
export function relaxationWithoutMinimums(
  problem: Problem,
  conditions: Conditions,
  stage: Stage,
  restrictions: Restrictions,
  highs: Highs,
  checkpoint: Checkpoint,
): RestrictedLp | null {
  if (!conditions.relaxed) return null;
  const without = restrict(problem, withoutMinimums(conditions), stage, problem.loans.lockedTo);
  const lp = solveRestrictedLp(highs, stage, without, checkpoint);
  return lp && { ...lp, rowPrice: new Float64Array(restrictions.rowCount) };
}
