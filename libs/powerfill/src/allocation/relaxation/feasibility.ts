import { type Highs } from 'highs';
import { type Checkpoint } from '../checkpoint';
import { type Problem } from '../problem/problem';
import { solveRestrictedLp } from './restricted-lp';
import { type Conditions } from '../stage/conditions';
import { possibleStage } from '../stage/possible-options';
import { wholeStage } from '../stage/stage';

/** Whether the linear relaxation of the whole problem has a feasible point under these conditions. */
export function isRelaxationFeasible(
  problem: Problem,
  conditions: Conditions,
  highs: Highs,
  checkpoint: Checkpoint,
): boolean {
  const left = possibleStage(problem, conditions, wholeStage(problem), problem.loans.lockedTo, checkpoint);
  return left !== null && solveRestrictedLp(highs, left.stage, left.restrictions, checkpoint) !== null;
}
