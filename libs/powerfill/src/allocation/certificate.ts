import { type Assignment, objectiveOf } from './assignment';
import { divideHalfAway } from './exact-arithmetic';
import { explainKickouts, explainPlacements } from './explain';
import { type ClassCertificate } from './priority-mode';
import { pairOff } from './pair-off';
import { type Problem } from './problem';
import { type ClassResult, type Solution, type SolveWarning, type TradeResult, type TradeStatus } from './solution';

/** Everything the search found that the solution is built from. */
export interface Findings {
  readonly assignment: Assignment;
  /** Prices of the trades, 1e-8 point. */
  readonly price: Float64Array;
  readonly upperBound: number;
  readonly greedy: Assignment;
  readonly classes: readonly ClassCertificate[] | null;
  readonly orderCost: { readonly low: number; readonly high: number } | null;
  readonly moves: number;
}

/** Builds the solution with its certificate and explanations from an assignment. */
export function certify(problem: Problem, findings: Findings): Solution {
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
    greedyObjective: objectiveOf(problem, findings.greedy),
    classes: findings.classes?.map((c, k) => classResult(c, candidates.classPriority[k]!)) ?? null,
    orderCost: findings.orderCost,
    trades: tradeResults(problem, findings),
    limits: [],
    placements: explainPlacements(problem, findings.assignment),
    kickouts: explainKickouts(problem, findings.assignment, findings.price),
    warnings: lockedWarnings(problem),
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

function lockedWarnings({ trades }: Problem): SolveWarning[] {
  return trades.ids.flatMap((id, j): SolveWarning[] =>
    trades.lockedFill[j]! > trades.max[j]!
      ? [{ code: 'locked_overfill', subject: id, message: `Locked loans alone fill trade ${id} beyond its max.` }]
      : [],
  );
}
