import { type Assignment, classValues, lockedAssignment, withStage } from './assignment';
import { type Checkpoint } from './checkpoint';
import { movesFor } from './effort';
import { type ModeResult } from './global-mode';
import { type BoundLevel, lagrangianBound, WEIGHT_SCALE } from './lagrangian-bound';
import { type Problem } from './problem';
import { buildStage, type Stage } from './stage';
import { solveStage, type StageCheckpoints } from './stage-solve';
import { solveTransport } from './transport-lp';

export interface ClassCertificate {
  /** V_k, cents. */
  readonly value: number;
  /** Bound on V_k while the earlier classes keep at least their V, cents. */
  readonly upperBound: number;
}

/** Weights tried for "the earlier classes keep their value", as powers: 0, 1, 4, 16, ... */
const LARGEST_WEIGHT = 65_536;

/**
 * Lexicographic maximum, class by class: each class is a stage of the loans and room its predecessors left, and is
 * bounded against every assignment in which the predecessors together keep at least their value.
 */
export function solvePriority(
  problem: Problem,
  checkpoints: StageCheckpoints,
): ModeResult & { readonly classes: readonly ClassCertificate[] } {
  const { trades, candidates, options } = problem;
  const classes = candidates.classPriority.length;
  let assignment = lockedAssignment(problem);
  let moves = 0;
  const price = new Float64Array(trades.count);
  for (let k = 0; k < classes; k++) {
    const placed = assignment.candidate;
    const stage = buildStage(
      problem,
      assignment.fill,
      (loan) => placed[loan]! < 0,
      (candidate) => candidates.priorityClass[candidate] === k,
    );
    const budget = movesFor(options.effort, stage.trade.length);
    const solved = solveStage(stage, budget, options.seed, checkpoints);
    moves += budget;
    assignment = withStage(assignment, stage, solved.assignment);
    solved.relaxed.price.forEach((p, j) => (price[j] = Math.max(price[j]!, p)));
  }
  return { assignment, price, moves, classes: certifyClasses(problem, assignment, checkpoints.bound) };
}

/** V_k and its bound for every class of an assignment. Limits and minimums are left out of the bounds. */
export function certifyClasses(problem: Problem, assignment: Assignment, checkpoint: Checkpoint): ClassCertificate[] {
  const values = classValues(problem, assignment.candidate);
  return values.map((value, k) => ({
    value,
    upperBound: Math.max(
      value,
      classBound(problem, k, values, (done) => checkpoint((k + done) / values.length)),
    ),
  }));
}

/** Bound on V_k given what the earlier classes achieved, from the best of a few weights on that condition. */
function classBound(problem: Problem, k: number, values: readonly number[], checkpoint: Checkpoint): number {
  const achieved = values.slice(0, k).reduce((sum, v) => sum + v, 0);
  const free = weightedStage(problem, k, 0);
  let best = { weight: 0, relaxed: solveTransport(free, checkpoint) };
  let bestValue = best.relaxed.value;
  if (k > 0)
    for (let weight = 1; weight <= LARGEST_WEIGHT; weight *= 4) {
      const relaxed = solveTransport(weightedStage(problem, k, weight), checkpoint);
      const value = relaxed.value - weight * achieved;
      if (value < bestValue) {
        best = { weight, relaxed };
        bestValue = value;
      } else if (weight > 16) break;
    }
  const own: BoundLevel = { firstClass: k, lastClass: k, weight: WEIGHT_SCALE, achieved: 0, price: best.relaxed.price };
  if (k === 0) return lagrangianBound(problem, [own]);
  const earlier: BoundLevel = {
    firstClass: 0,
    lastClass: k - 1,
    weight: best.weight * WEIGHT_SCALE,
    achieved,
    price: best.relaxed.price,
  };
  return lagrangianBound(problem, [earlier, own]);
}

/** Classes 0 .. k at once, the earlier ones weighted; without weight they are left out. */
function weightedStage(problem: Problem, k: number, weight: number): Stage {
  const { loans, trades, candidates } = problem;
  const stage = buildStage(
    problem,
    trades.lockedFill,
    (loan) => loans.lockedTo[loan]! < 0,
    (candidate) =>
      weight === 0 ? candidates.priorityClass[candidate] === k : candidates.priorityClass[candidate]! <= k,
  );
  const net = stage.net.map((v, o) => (candidates.priorityClass[stage.candidate[o]!] === k ? v : v * weight));
  return { ...stage, net };
}
