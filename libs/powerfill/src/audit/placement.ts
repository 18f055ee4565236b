import { divideHalfAway, FINE, readDecimal, UnreadableError } from './exact';
import { type Findings } from './finding';
import { type AuditedProblem } from './problem';
import { asList, asObject, type Fields, isAbsent } from './shape';

/** The class of pairs without a priority, after every numbered one. */
const UNRANKED = Infinity;

/** Where every loan goes, priced. Arrays are indexed by the loan's position in the problem. */
export interface Placement {
  /** Position of the trade, or -1. */
  trade: Int32Array;
  /** Position in `classes` of the pair's priority class; -1 for a loan without a trade. */
  classOf: Int32Array;
  /** Value of the pair less its switch cost, in cents; 0 for a loan without a trade. */
  worth: bigint[];
  /** Distinct priorities of all candidates, ascending; null: the pairs without a priority. In global mode one class. */
  classes: readonly (number | null)[];
}

interface UsedPair {
  score: unknown;
  priority: number;
  path: string;
}

function resolveTrades(problem: AuditedProblem, assignments: unknown, findings: Findings): Int32Array {
  const { loans, loanAt, tradeAt } = problem;
  const trade = new Int32Array(loans.length).fill(-1);
  const seen = new Uint8Array(loans.length);
  asList(assignments, 'assignments').forEach((entry, index) => {
    const path = `assignments[${index}]`;
    const { loan, trade: name } = asObject(entry, path);
    const loanIndex = typeof loan === 'string' ? loanAt.get(loan) : undefined;
    if (loanIndex === undefined) {
      findings.add('UNKNOWN_LOAN', path, `${JSON.stringify(loan)} is no loan of the problem`);
      return;
    }
    if (seen[loanIndex]) {
      findings.add('LOAN_TWICE', path, `loan ${String(loan)} has more than one line`);
      return;
    }
    seen[loanIndex] = 1;
    if (name === null) return;
    const tradeIndex = typeof name === 'string' ? tradeAt.get(name) : undefined;
    if (tradeIndex === undefined) {
      findings.add('UNKNOWN_TRADE', path, `${JSON.stringify(name)} is no trade of the problem`);
    } else {
      trade[loanIndex] = tradeIndex;
    }
  });
  loans.forEach((loan, index) => {
    if (!seen[index]) findings.add('LOAN_MISSING', loan.path, `loan ${loan.id} has no line in the assignment`);
  });
  return trade;
}

function priorityOf(value: unknown, candidate: number): number {
  if (isAbsent(value)) return UNRANKED;
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) {
    throw new UnreadableError(`candidates[${candidate}].priority`, 'expected a whole number');
  }
  return value;
}

/** Finds the candidate of every pair in use, and every priority that occurs in the problem. */
function findPairs(problem: AuditedProblem, trade: Int32Array): { used: Map<number, UsedPair>; priorities: number[] } {
  const used = new Map<number, UsedPair>();
  const priorities = new Set<number>();
  problem.candidates.forEach((entry, index) => {
    // There may be a million candidates: their paths are written only where one is needed.
    const candidate =
      typeof entry === 'object' && entry !== null ? (entry as Fields) : asObject(entry, `candidates[${index}]`);
    const priority = priorityOf(candidate['priority'], index);
    priorities.add(priority);
    const loanIndex = problem.loanAt.get(candidate['loan'] as string);
    const tradeIndex = problem.tradeAt.get(candidate['trade'] as string);
    if (loanIndex === undefined || tradeIndex === undefined) {
      throw new UnreadableError(`candidates[${index}]`, 'names a loan or trade the problem does not have');
    }
    if (trade[loanIndex] !== tradeIndex) return;
    const path = `candidates[${index}]`;
    if (used.has(loanIndex)) throw new UnreadableError(path, 'the pair occurs twice');
    used.set(loanIndex, { score: candidate['score'], priority, path });
  });
  return { used, priorities: [...priorities].sort((a, b) => a - b) };
}

/**
 * Resolves an assignment against the problem and prices each pair in use:
 * `roundHalfAway(amount * (score - reservation) / 10^10)` less the rounded switch cost (engine.md, "Units" and section 2).
 *
 * @throws UnreadableError when a candidate or the list of assignments cannot be read
 */
export function readPlacement(problem: AuditedProblem, assignments: unknown, findings: Findings): Placement {
  const { loans, trades } = problem;
  const trade = resolveTrades(problem, assignments, findings);
  const { used, priorities } = findPairs(problem, trade);
  const ranked = problem.mode === 'priority';
  const classes = ranked ? priorities.map((priority) => (priority === UNRANKED ? null : priority)) : [null];
  const classAt = new Map(priorities.map((priority, index) => [priority, ranked ? index : 0]));
  const classOf = new Int32Array(loans.length).fill(-1);
  const worth = loans.map((loan, index) => {
    const at = trade[index] ?? -1;
    if (loan.locked && at !== loan.currentTrade) {
      findings.add(
        'LOCKED_LOAN_MOVED',
        loan.path,
        `loan ${loan.id} is locked to ${trades[loan.currentTrade]?.id ?? '-'}`,
      );
    }
    if (at < 0) {
      if (problem.placeAll) findings.add('LOAN_NOT_PLACED', loan.path, `place_all: loan ${loan.id} got no trade`);
      return 0n;
    }
    const pair = used.get(index);
    if (!pair) {
      findings.add('NO_SUCH_CANDIDATE', loan.path, `loan ${loan.id} may not go to trade ${trades[at]?.id ?? '-'}`);
      return 0n;
    }
    classOf[index] = classAt.get(pair.priority) ?? 0;
    const score = readDecimal(pair.score, FINE, `${pair.path}.score`, 'round');
    const reservation = loan.reservation ?? problem.reservationPrice;
    const value = divideHalfAway(loan.amount * (score - reservation), 10n ** 10n);
    const switched = loan.currentTrade >= 0 && loan.currentTrade !== at;
    return switched ? value - divideHalfAway(loan.amount * problem.switchCost, 10n ** 12n) : value;
  });
  return { trade, classOf, worth, classes };
}
