import { type Assignment, lockedAssignment, netValue } from '../stage/assignment';
import { type Conditions, judgeConditions } from '../stage/conditions';
import { type Problem } from '../problem/problem';
import { RowLedger } from './row-ledger';

/**
 * The comparison baseline: what a careful desk does by hand. Trades are walked in order of id; each takes, of the loans
 * still free, those with the highest `score - reservation` first (ties: loan id), every one that fits under its max,
 * breaks no limit and whose value less switch cost is not negative, until none does. In mode `priority` the walk is
 * repeated for each class. It never looks back, at another trade or at the pair-off cost.
 *
 * @returns null when what it ends with misses a minimum that must be met
 */
export function plainGreedy(problem: Problem, conditions: Conditions): Assignment | null {
  const { loans, trades, candidates, options } = problem;
  const { candidate, fill } = lockedAssignment(problem);
  const ledger = new RowLedger(problem, conditions.rows);
  const points = (c: number): number => candidates.score[c]! - loans.reservation[candidates.loan[c]!]!;
  const rank = options.mode === 'priority' ? candidates.priorityClass : new Int32Array(candidates.count);
  const order = Int32Array.from(candidates.loan, (_, c) => c).sort(
    (a, b) =>
      rank[a]! - rank[b]! ||
      candidates.trade[a]! - candidates.trade[b]! ||
      points(b) - points(a) ||
      candidates.loan[a]! - candidates.loan[b]!,
  );
  for (const c of order) {
    const i = candidates.loan[c]!;
    const j = candidates.trade[c]!;
    if (candidate[i]! >= 0 || fill[j]! + loans.amount[i]! > trades.max[j]!) continue;
    if ((netValue(problem, c) < 0 && conditions.mustPlace[i] === 0) || ledger.brokenBy(c) !== null) continue;
    candidate[i] = c;
    fill[j]! += loans.amount[i]!;
    ledger.add(c);
  }
  return judgeConditions(problem, conditions, candidate).broken === null ? { candidate, fill } : null;
}
