import { type Conditions } from './conditions';
import { type Problem } from '../problem/problem';
import { restrict, type Restrictions } from './restrictions';
import { buildStage, type Stage } from './stage';

/**
 * The stage of the loans that are not placed already, with some of their candidates, and its restrictions.
 *
 * @param baseFill of what is placed already, cents per trade
 * @param fixed candidate of each loan that is placed already, -1 = none
 * @param offered 1 per candidate of the problem that takes part
 */
export function offeredStage(
  problem: Problem,
  conditions: Conditions,
  baseFill: Float64Array,
  fixed: Int32Array,
  offered: Uint8Array,
): { stage: Stage; restrictions: Restrictions } {
  const stage = buildStage(
    problem,
    baseFill,
    (loan) => fixed[loan]! < 0,
    (candidate) => offered[candidate] === 1,
  );
  return { stage, restrictions: restrict(problem, conditions, stage, fixed) };
}
