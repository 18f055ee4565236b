import { type Assignment, classValues, lockedAssignment, withStage } from './assignment';
import { type Checkpoint } from './checkpoint';
import { classBound } from './class-bound';
import { movesFor } from './effort';
import { type ModeResult } from './global-mode';
import { type Problem } from './problem';
import { buildStage } from './stage';
import { solveStage, type StageCheckpoints } from './stage-solve';

export interface ClassCertificate {
  /** V_k, cents. */
  readonly value: number;
  /** Bound on V_k while the earlier classes keep at least their V, cents. */
  readonly upperBound: number;
}

/**
 * Lexicographic maximum, class by class: each class is a stage of the loans and room its predecessors left, and is
 * bounded against every assignment in which each predecessor keeps at least its value.
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
  let warm = new Float64Array(0);
  return values.map((value, k) => {
    const bound = classBound(problem, k, values, warm, (done) => checkpoint((k + done) / values.length));
    warm = Float64Array.from([...bound.weights, 1]);
    return { value, upperBound: Math.max(value, bound.upperBound) };
  });
}
