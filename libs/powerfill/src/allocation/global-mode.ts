import { type Assignment, lockedAssignment, totalPairOff, withStage } from './assignment';
import { lagrangianBound, WEIGHT_SCALE } from './lagrangian-bound';
import { type Polish } from './neighbourhood-search';
import { type Problem } from './problem';
import { buildStage } from './stage';
import { withTieBreaks } from './tie-breaks';
import { solveStage, type StageCheckpoints } from './stage-solve';

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
  moves: number,
  checkpoints: StageCheckpoints,
  polish: Polish | null = null,
): ModeResult & { readonly upperBound: number } {
  const locked = lockedAssignment(problem);
  const whole = buildStage(
    problem,
    locked.fill,
    (loan) => problem.loans.lockedTo[loan]! < 0,
    () => true,
  );
  const stage = withTieBreaks(problem, whole, null);
  const { relaxed, assignment } = solveStage(stage, moves, problem.options.seed, checkpoints, polish);
  const level = {
    firstClass: 0,
    lastClass: problem.candidates.classPriority.length,
    weight: WEIGHT_SCALE,
    achieved: 0,
    price: relaxed.price,
  };
  return {
    assignment: withStage(locked, stage, assignment),
    price: relaxed.price,
    moves,
    upperBound: lagrangianBound(problem, [level]) - totalPairOff(problem, locked.fill),
  };
}
