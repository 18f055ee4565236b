import { type Assignment, objectiveOf } from '../stage/assignment';
import { type Conditions } from '../stage/conditions';
import { divideHalfAway } from '../problem/exact-arithmetic';
import { explainKickouts, explainPlacements } from './explain';
import { type ClassCertificate } from '../bound/class-bound';
import { isPlain, limitPart } from '../problem/limit-rows';
import { pairOff } from '../problem/pair-off';
import { type Problem } from '../problem/problem';
import { type ClassResult, type LimitResult, type Solution, type TradeResult, type TradeStatus } from '../solution';
import { warningsOf } from './warnings';

/** Everything the search found that the solution is built from. */
export interface Findings {
  readonly assignment: Assignment;
  /** Prices of the trades, 1e-8 point. */
  readonly price: Float64Array;
  readonly upperBound: number;
  /** Multiplier per limit in the units of `LimitResult.shadowPrice`. */
  readonly limitPrice: Float64Array;
  readonly greedy: Assignment | null;
  readonly classes: readonly ClassCertificate[] | null;
  readonly orderCost: { readonly low: number; readonly high: number } | null;
  readonly moves: number;
}

/** Builds the solution with its certificate and explanations from an assignment. */
export function certify(problem: Problem, conditions: Conditions, findings: Findings): Solution {
  const { loans, candidates } = problem;
  const objective = objectiveOf(problem, findings.assignment);
  const upperBound = Math.max(objective, findings.upperBound);
  const gap = upperBound - objective;
  return {
    problem,
    assignment: findings.assignment.candidate.map((c) => (c < 0 ? -1 : candidates.trade[c]!)),
    objective,
    upperBound,
    gap,
    gapMicroBp: loans.upb === 0 ? 0 : Number(divideHalfAway(BigInt(gap) * 10_000_000_000n, BigInt(loans.upb))),
    greedyObjective: findings.greedy === null ? null : objectiveOf(problem, findings.greedy),
    classes: findings.classes?.map((c, k) => classResult(c, candidates.classPriority[k]!)) ?? null,
    orderCost: findings.orderCost,
    trades: tradeResults(problem, findings),
    limits: limitResults(problem, findings),
    placements: explainPlacements(problem, findings.assignment),
    kickouts: explainKickouts(problem, conditions, findings.assignment, findings.price),
    warnings: warningsOf(problem, conditions, findings.assignment),
    moves: findings.moves,
    seed: problem.options.seed,
    replayable: true,
  };
}

function classResult({ value, upperBound }: ClassCertificate, priority: number): ClassResult {
  return { priority: priority === Infinity ? null : priority, value, upperBound, gap: upperBound - value };
}

function tradeResults(problem: Problem, { assignment, price }: Findings): TradeResult[] {
  return problem.trades.ids.map((id, j) => ({
    id,
    fill: assignment.fill[j]!,
    status: tradeStatus(problem, j, assignment.fill[j]!),
    shadowPrice: Math.round(price[j]!) || 0,
    pairOff: pairOff(problem.trades, j, assignment.fill[j]!),
  }));
}

/** Status of a trade at a fill (engine.md, step 5). */
function tradeStatus({ trades }: Problem, j: number, fill: number): TradeStatus {
  if (fill > trades.max[j]!) return 'Overfilled';
  if (fill > 0 && fill >= trades.min[j]!) return 'Filled';
  if (trades.target[j] === 0) return 'Open';
  return fill === 0 ? 'Empty' : 'Short';
}

function limitResults(problem: Problem, { assignment, limitPrice }: Findings): LimitResult[] {
  const { loans, candidates } = problem;
  return problem.limits.map((limit, n) => {
    const members = new Set(limit.trades);
    let above = 0n;
    let below = 0n;
    assignment.candidate.forEach((c, i) => {
      if (c < 0 || !members.has(candidates.trade[c]!)) return;
      const part = limitPart(limit, i, BigInt(loans.amount[i]!));
      above += part.above;
      below += part.below;
    });
    const value = isPlain(limit) ? above : below === 0n ? null : divideHalfAway(above, below);
    return {
      id: limit.id,
      value: value === null ? null : Number(value),
      min: limit.min,
      max: limit.max,
      shadowPrice: Math.round(limitPrice[n]!) || 0,
    };
  });
}
