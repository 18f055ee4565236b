import { type Conditions } from '../stage/conditions';
import { type Problem } from '../problem/problem';
import { type SolveOutcome } from '../solution';

/**
 * Names a set of conditions that no assignment meets together, none of which could be left out of the set: each (of the
 * loans that must be placed: ever smaller groups) is dropped in turn and stays dropped when the rest is infeasible.
 *
 * @param proofs how often `feasible` may be asked; with too few the set may hold more than it must
 * @param feasible proves or refutes that some assignment meets the conditions
 */
export function explainInfeasible(
  problem: Problem,
  conditions: Conditions,
  feasible: (conditions: Conditions) => boolean,
  proofs = Infinity,
): SolveOutcome {
  let blocking = conditions;
  let budget = proofs;
  const tryWithout = (weaker: Conditions): void => {
    if (budget-- > 0 && !feasible(weaker)) blocking = weaker;
  };
  for (const row of conditions.rows) tryWithout({ ...blocking, rows: blocking.rows.filter((other) => other !== row) });
  for (let j = 0; j < problem.trades.count; j++) {
    if (conditions.mustReach[j] === 0) continue;
    const mustReach = blocking.mustReach.slice();
    mustReach[j] = 0;
    tryWithout({ ...blocking, mustReach });
  }
  const forced = Array.from(conditions.mustPlace.keys()).filter((i) => conditions.mustPlace[i] === 1);
  for (let size = forced.length; size >= 1; size = size > 1 ? Math.ceil(size / 2) : 0)
    for (let from = 0; from < forced.length && budget > 0; from += size) {
      const mustPlace = blocking.mustPlace.slice();
      forced.slice(from, from + size).forEach((i) => (mustPlace[i] = 0));
      if (mustPlace.some((flag, i) => flag !== blocking.mustPlace[i])) tryWithout({ ...blocking, mustPlace });
    }
  return infeasible(problem, blocking);
}

/** The outcome that names these conditions as the ones that block each other. */
function infeasible(problem: Problem, { rows, mustReach, mustPlace }: Conditions): SolveOutcome {
  const loans = problem.loans.ids.filter((_, i) => mustPlace[i] === 1);
  const limits = [
    ...new Set(rows.map((row) => problem.limits[row.limit]!.id)),
    ...problem.trades.ids.filter((_, j) => mustReach[j]! > 0).map((id) => `must_reach:${id}`),
  ];
  const parts = [
    ...(limits.length > 0 ? [`the minimums and limits ${limits.join(', ')}`] : []),
    ...(loans.length > 0 ? [`placing loans ${loans.slice(0, 10).join(', ')}${loans.length > 10 ? ', ...' : ''}`] : []),
  ];
  return { status: 'infeasible', loans, limits, message: `No assignment can meet together: ${parts.join(' and ')}.` };
}
