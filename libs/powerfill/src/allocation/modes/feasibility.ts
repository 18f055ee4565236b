import { type Highs } from 'highs';
import { type Checkpoint } from '../checkpoint';
import { type Problem } from '../problem/problem';
import { solveRestrictedLp } from '../relaxation/restricted-lp';
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
  if (!meetsUntouchedRows(problem, conditions)) return false;
  const left = possibleStage(problem, conditions, wholeStage(problem), problem.loans.lockedTo, checkpoint);
  return left !== null && solveRestrictedLp(highs, left.stage, left.restrictions, checkpoint) !== null;
}

/** Whether the rows no free candidate counts in hold, and every loan that must be placed has a candidate. */
export function meetsUntouchedRows(problem: Problem, conditions: Conditions): boolean {
  const { loans, candidates } = problem;
  for (let i = 0; i < loans.count; i++)
    if (conditions.mustPlace[i] === 1 && candidates.start[i] === candidates.start[i + 1]) return false;
  return conditions.rows.every((row) => {
    if (conditions.relaxed && row.endOnly) return true;
    let sum = 0n;
    for (let n = 0; n < row.candidates.length; n++) {
      const c = row.candidates[n]!;
      const locked = loans.lockedTo[candidates.loan[c]!]!;
      if (locked < 0) return true;
      if (locked === c) sum += row.coefficients[n]!;
    }
    return sum <= row.bound;
  });
}
