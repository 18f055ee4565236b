import { type Assignment, lockedAssignment, totalPairOff, withStage } from '../stage/assignment';
import { lagrangianBound, WEIGHT_SCALE } from '../bound/lagrangian-bound';
import { type Polish } from '../polish/polish';
import { type Problem } from '../problem/problem';
import { wholeStage } from '../stage/stage';
import { type StageBudget, solveStage, type StageCheckpoints } from './stage-solve';
import { withTieBreaks } from '../stage/tie-breaks';
import { type SidesLeaf } from '../relaxation/trade-branching';
import { termsOnSides } from '../stage/trade-sides';

/** What a mode hands to the certificate. */
export interface ModeResult {
  readonly assignment: Assignment;
  /** Prices of the trades, 1e-8 point. */
  readonly price: Float64Array;
  readonly moves: number;
}

/** Maximises the whole objective at once, and bounds it. */
export function solveGlobal(
  problem: Problem,
  budget: StageBudget,
  checkpoints: StageCheckpoints,
  polish: Polish,
): ModeResult & { readonly upperBound: number } {
  const locked = lockedAssignment(problem);
  const whole = wholeStage(problem);
  const stage = withTieBreaks(problem, whole, null);
  const { relaxed, leaves, assignment, moves } = solveStage(stage, budget, problem.options.seed, checkpoints, polish);
  return {
    assignment: withStage(locked, stage, assignment),
    price: relaxed.price,
    moves,
    upperBound: Math.max(...leaves.map((leaf) => leafBound(problem, leaf))),
  };
}

/** Bound on the objective of all assignments on the sides of a leaf. */
function leafBound(problem: Problem, { sides, relaxed }: SidesLeaf): number {
  const { most, ...terms } = termsOnSides(problem.trades, problem.trades.max, sides);
  const onSides = { ...problem, trades: { ...problem.trades, ...terms, max: most } };
  const level = {
    firstClass: 0,
    lastClass: problem.candidates.classPriority.length,
    weight: WEIGHT_SCALE,
    achieved: 0,
    price: relaxed.price,
  };
  return lagrangianBound(onSides, [level]) - totalPairOff(onSides, problem.trades.lockedFill);
}
