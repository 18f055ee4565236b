import { type Assignment, netValue } from '../stage/assignment';
import { type Conditions } from '../stage/conditions';
import { pairOff } from '../problem/pair-off';
import { type Problem } from '../problem/problem';
import { RowLedger } from './row-ledger';
import { type Kickout, type Placement } from '../solution';

/** Placed loans beside the best other trade each could have had, in loan order. */
export function explainPlacements(problem: Problem, { candidate }: Assignment): Placement[] {
  const { loans, trades, candidates } = problem;
  const placements: Placement[] = [];
  candidate.forEach((own, i) => {
    if (own < 0) return;
    let other = -1;
    for (let c = candidates.start[i]!; c < candidates.start[i + 1]!; c++)
      if (c !== own && (other < 0 || candidates.score[c]! > candidates.score[other]!)) other = c;
    placements.push({
      loan: loans.ids[i]!,
      trade: trades.ids[candidates.trade[own]!]!,
      value: candidates.value[own]!,
      alternative: other < 0 ? null : trades.ids[candidates.trade[other]!]!,
      giveUp: other < 0 ? null : candidates.score[other]! - candidates.score[own]!,
    });
  });
  return placements;
}

/**
 * Why each loan that is not placed stays out (engine.md, section 2), in loan order.
 *
 * @param price prices of the trades' room, 1e-8 point
 */
export function explainKickouts(
  problem: Problem,
  conditions: Conditions,
  assignment: Assignment,
  price: Float64Array,
): Kickout[] {
  const { loans, trades, candidates } = problem;
  const ledger = new RowLedger(problem, conditions.rows);
  assignment.candidate.forEach((c, i) => {
    if (c >= 0 && loans.lockedTo[i] !== c) ledger.add(c);
  });
  const weakest = weakestByTrade(problem, assignment, price);
  const takers = problem.options.mode === 'priority' ? new Takers(problem, assignment) : null;
  const situation = { problem, conditions, assignment, ledger, takers };
  const kickouts: Kickout[] = [];
  assignment.candidate.forEach((own, i) => {
    if (own >= 0) return;
    const loan = loans.ids[i]!;
    const near = nearestCandidate(problem, i, price);
    if (near === null) {
      kickouts.push({ loan, code: 'NO_CANDIDATE', nearestTrade: null, marginPoints: null, displacedBy: null });
      return;
    }
    const j = candidates.trade[near.candidate]!;
    const reason = reasonOf(situation, i, near.candidate);
    const displacer = reason.by ?? weakest[j]!;
    kickouts.push({
      loan,
      code: reason.code,
      nearestTrade: trades.ids[j]!,
      marginPoints: Math.min(0, near.margin),
      displacedBy: displacer < 0 ? null : loans.ids[displacer]!,
    });
  });
  return kickouts;
}

/** Score less reservation, 1e-8 points. */
function pointsOf({ loans, candidates }: Problem, c: number): number {
  return candidates.score[c]! - loans.reservation[candidates.loan[c]!]!;
}

/** `score - reservation - price` in 1e-8 points. */
function marginOf(problem: Problem, c: number, price: Float64Array): number {
  return pointsOf(problem, c) - Math.round(price[problem.candidates.trade[c]!]!);
}

function nearestCandidate(
  problem: Problem,
  i: number,
  price: Float64Array,
): { candidate: number; margin: number } | null {
  const { start } = problem.candidates;
  let nearest: { candidate: number; margin: number } | null = null;
  for (let c = start[i]!; c < start[i + 1]!; c++) {
    const margin = marginOf(problem, c, price);
    if (nearest === null || margin > nearest.margin) nearest = { candidate: c, margin };
  }
  return nearest;
}

/** Per trade the placed, unlocked loan that earns least over the prices; -1 = none. */
function weakestByTrade(problem: Problem, assignment: Assignment, price: Float64Array): Int32Array {
  const { loans, trades, candidates } = problem;
  const weakest = new Int32Array(trades.count).fill(-1);
  const margins = new Float64Array(trades.count);
  assignment.candidate.forEach((c, i) => {
    if (c < 0 || loans.lockedTo[i] === c) return;
    const j = candidates.trade[c]!;
    const margin = marginOf(problem, c, price);
    if (weakest[j]! >= 0 && margin >= margins[j]!) return;
    weakest[j] = i;
    margins[j] = margin;
  });
  return weakest;
}

interface Reason {
  readonly code: string;
  /** The loan that has the place, where the code names one. */
  readonly by?: number;
}

interface Situation {
  readonly problem: Problem;
  readonly conditions: Conditions;
  readonly assignment: Assignment;
  readonly ledger: RowLedger;
  /** Null where there is no order of priority. */
  readonly takers: Takers | null;
}

/** The code of a loan with candidates; `near` is the one with the best margin. */
function reasonOf({ problem, conditions, assignment, ledger, takers }: Situation, i: number, near: number): Reason {
  const { loans, trades, candidates } = problem;
  let worthwhile = false;
  let worthIt = false;
  let tooSmall = false;
  let limit: string | null = null;
  for (let c = candidates.start[i]!; c < candidates.start[i + 1]!; c++) {
    const j = candidates.trade[c]!;
    const fill = assignment.fill[j]!;
    const filled = fill + loans.amount[i]!;
    const saved = pairOff(trades, j, fill) - pairOff(trades, j, filled);
    if (candidates.value[c]! + saved > 0) worthwhile = true;
    if (netValue(problem, c) + saved <= 0) continue;
    worthIt = true;
    if (filled > trades.max[j]!) continue;
    const broken = ledger.brokenBy(c);
    if (filled < conditions.mustReach[j]!) tooSmall = true;
    else if (broken === null) return { code: 'NOT_FOUND' };
    else limit ??= problem.limits[broken.limit]!.id;
  }
  if (!worthwhile) return { code: 'BELOW_RESERVATION' };
  if (!worthIt) return { code: 'SWITCH_NOT_WORTH_IT' };
  if (limit !== null) return { code: `LIMIT:${limit}` };
  if (tooSmall) return { code: 'MINIMUM_NOT_REACHED' };
  const taker = takers === null ? -1 : takers.before(near);
  if (taker < 0) return { code: 'NO_ROOM' };
  const name = candidates.constraint[assignment.candidate[taker]!]!;
  const label = name >= 0 ? candidates.constraintNames[name]! : 'unnamed';
  return { code: `TAKEN_BY_PRIORITY:${label}`, by: taker };
}

/** Of the placed, unlocked loans of a trade up to a class the one that is worth least there. */
interface Taker {
  readonly priorityClass: number;
  readonly loan: number;
  readonly points: number;
}

/** Per trade, by class: who took a place before those of later classes came. */
class Takers {
  private readonly ofTrade: Taker[][];

  constructor(
    private readonly problem: Problem,
    { candidate }: Assignment,
  ) {
    const { loans, trades, candidates } = problem;
    this.ofTrade = Array.from({ length: trades.count }, () => []);
    const placed = Array.from(candidate).filter((c) => c >= 0 && loans.lockedTo[candidates.loan[c]!] !== c);
    placed.sort((a, b) => candidates.priorityClass[a]! - candidates.priorityClass[b]! || a - b);
    for (const c of placed) {
      const takers = this.ofTrade[candidates.trade[c]!]!;
      const points = pointsOf(problem, c);
      const before = takers.at(-1);
      const loan = candidates.loan[c]!;
      const isWeaker =
        before === undefined || points < before.points || (points === before.points && loan < before.loan);
      if (isWeaker) takers.push({ priorityClass: candidates.priorityClass[c]!, loan, points });
    }
  }

  /** The loan of an earlier class in a candidate's trade that is worth least there, if less than the candidate; -1 = none. */
  before(c: number): number {
    const { candidates } = this.problem;
    const taker = this.ofTrade[candidates.trade[c]!]!.findLast(
      ({ priorityClass }) => priorityClass < candidates.priorityClass[c]!,
    );
    return taker !== undefined && taker.points < pointsOf(this.problem, c) ? taker.loan : -1;
  }
}
