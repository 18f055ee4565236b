import { type Assignment } from '../stage/assignment';
import { type Conditions, missedMinimum } from '../stage/conditions';
import { formatDecimal } from '../problem/exact-arithmetic';
import { type Problem } from '../problem/problem';
import { type SolveWarning } from '../solution';

/** Bounds that gave way to locked loans, and relaxed minimums that are missed. */
export function warningsOf(problem: Problem, conditions: Conditions, assignment: Assignment): SolveWarning[] {
  const { trades, limits } = problem;
  const warnings: SolveWarning[] = [];
  trades.ids.forEach((id, j) => {
    if (trades.lockedFill[j]! > trades.max[j]!)
      warnings.push({
        code: 'locked_overfill',
        subject: id,
        message: `Locked loans alone fill trade ${id} beyond its max.`,
      });
    const missing = conditions.mustReach[j]! - assignment.fill[j]!;
    if (assignment.fill[j]! > 0 && missing > 0)
      warnings.push(unreachable(id, `Trade ${id} misses its minimum by $${formatDecimal(missing, 2, 2)}.`));
  });
  conditions.rows.forEach((row) => {
    const { id } = limits[row.limit]!;
    if (row.lockedBreaks)
      warnings.push({
        code: 'locked_breaks_limit',
        subject: id,
        message: `Locked loans alone break the ${row.side} of limit ${id}; their own value took its place.`,
      });
    if (!row.endOnly) return;
    const missed = missedMinimum(problem, row, assignment.candidate);
    if (missed > 0)
      warnings.push(unreachable(id, `Limit ${id} misses its minimum by $${formatDecimal(missed, 2, 2)}.`));
  });
  return warnings;
}

function unreachable(subject: string, message: string): SolveWarning {
  return { code: 'limit_unreachable', subject, message };
}
