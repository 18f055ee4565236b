import { type LimitRow, limitRows } from '../problem/limit-rows';
import { type Problem } from '../problem/problem';

/** The hard conditions of a problem beside "each loan at most one trade" and the trades' room. */
export interface Conditions {
  readonly rows: readonly LimitRow[];
  /** must_reach per trade, cents; 0 = none. */
  readonly mustReach: Float64Array;
  /** 1 for each loan that must be placed. */
  readonly mustPlace: Uint8Array;
  /** Missed minimums count as shortfall instead of being forbidden. */
  readonly relaxed: boolean;
}

export function conditionsOf(problem: Problem): Conditions {
  return {
    rows: limitRows(problem),
    mustReach: problem.trades.mustReach,
    mustPlace: new Uint8Array(problem.loans.count).fill(problem.options.placeAll ? 1 : 0),
    relaxed: problem.options.unreachable === 'relax',
  };
}

/** Whether nothing but loans and rooms restricts the assignment. */
export function isUnrestricted(conditions: Conditions): boolean {
  const { rows, mustPlace, mustReach } = conditions;
  return rows.length === 0 && !mustPlace.includes(1) && mustReach.every((amount) => amount === 0);
}

/** The conditions that hold even where minimums may be missed. */
export function withoutMinimums(conditions: Conditions): Conditions {
  return {
    ...conditions,
    rows: conditions.rows.filter((row) => !row.endOnly),
    mustReach: new Float64Array(conditions.mustReach.length),
  };
}

/** Classes of the problem's order: one in mode `global`. */
export function levelCount(problem: Problem): number {
  return problem.options.mode === 'global' ? 1 : problem.candidates.classPriority.length;
}

export function levelOf(problem: Problem, candidate: number): number {
  return problem.options.mode === 'global' ? 0 : problem.candidates.priorityClass[candidate]!;
}

/** Weight of one loan missing to a count, cents: the mean loan amount, rounded (engine.md, section 2). */
export function missingLoanWeight(problem: Problem): number {
  return problem.loans.count === 0 ? 0 : Math.round(problem.loans.upb / problem.loans.count);
}

/** First condition an assignment breaks, or null; shortfalls of relaxed minimums in cents. Exact. */
export interface Verdict {
  readonly broken: string | null;
  readonly shortfall: number;
}

/**
 * Judges a whole assignment: rooms, limits after every class, minimums at the end.
 *
 * @param chosen candidate per loan, -1 = not placed
 */
export function judgeConditions(problem: Problem, conditions: Conditions, chosen: ArrayLike<number>): Verdict {
  const { loans, trades, candidates } = problem;
  const fill = trades.lockedFill.slice();
  for (let i = 0; i < loans.count; i++) {
    const c = chosen[i]!;
    if (c < 0 && conditions.mustPlace[i] === 1) return { broken: 'place_all', shortfall: 0 };
    if (c >= 0 && loans.lockedTo[i] !== c) fill[candidates.trade[c]!]! += loans.amount[i]!;
  }
  let shortfall = 0;
  for (let j = 0; j < trades.count; j++) {
    if (fill[j]! > Math.max(trades.max[j]!, trades.lockedFill[j]!)) return { broken: trades.ids[j]!, shortfall: 0 };
    if (fill[j] === 0 || fill[j]! >= conditions.mustReach[j]!) continue;
    if (!conditions.relaxed) return { broken: `must_reach:${trades.ids[j]!}`, shortfall: 0 };
    shortfall += conditions.mustReach[j]! - fill[j]!;
  }
  for (const row of conditions.rows) {
    if (!isPassed(problem, row, chosen)) continue;
    const limit = problem.limits[row.limit]!;
    if (!row.endOnly || !conditions.relaxed) return { broken: limit.id, shortfall: 0 };
    shortfall += missedMinimum(problem, row, chosen);
  }
  return { broken: null, shortfall };
}

/** Exact shortfall of relaxed minimums, cents, or null when the assignment breaks a condition. */
export function shortfallUnder(problem: Problem, conditions: Conditions, chosen: ArrayLike<number>): number | null {
  const { broken, shortfall } = judgeConditions(problem, conditions, chosen);
  return broken === null ? shortfall : null;
}

/** Cents a minimum of a total or count is missed by. */
export function missedMinimum(problem: Problem, row: LimitRow, chosen: ArrayLike<number>): number {
  const limit = problem.limits[row.limit]!;
  let reached = 0;
  for (const c of row.candidates) {
    const i = problem.candidates.loan[c]!;
    if (chosen[i] === c) reached += limit.kind === 'total' ? problem.loans.amount[i]! : 1;
  }
  const missing = Math.max(0, limit.min! - reached);
  return limit.kind === 'total' ? missing : missing * missingLoanWeight(problem);
}

/** Whether a row is passed after a class it must hold after. */
function isPassed(problem: Problem, row: LimitRow, chosen: ArrayLike<number>): boolean {
  const { loans, candidates } = problem;
  const levels = row.endOnly ? 1 : levelCount(problem);
  const { candidates: members, doubles, coefficients } = row;
  const levelAt = (n: number): number => {
    const c = members[n]!;
    const i = candidates.loan[c]!;
    if (chosen[i] !== c) return -1;
    return row.endOnly || loans.lockedTo[i] === c ? 0 : levelOf(problem, c);
  };
  if (doubles !== null) {
    const added = new Float64Array(Math.max(1, levels));
    for (let n = 0; n < members.length; n++) {
      const level = levelAt(n);
      if (level >= 0) added[level]! += doubles[n]!;
    }
    let running = 0;
    return added.some((step) => (running += step) > Number(row.bound));
  }
  const added = new Array<bigint>(Math.max(1, levels)).fill(0n);
  for (let n = 0; n < members.length; n++) {
    const level = levelAt(n);
    if (level >= 0) added[level]! += coefficients[n]!;
  }
  let running = 0n;
  return added.some((step) => (running += step) > row.bound);
}
