import { type Checkpoint } from './checkpoint';
import { constructFromRelaxation } from './construct';
import { localSearch } from './local-search';
import { Random } from './random';
import { reducedValues, type Stage, type StageAssignment } from './stage';
import { solveTransport, type TransportSolution } from './transport-lp';

/** Losses the search accepts at its start, per $100 of the mean loan: 1e-4 of par. */
export const TEMPERATURE_SHARE = 1e-5;
/** Options further from a loan's best than this share of its stage's mean amount are not tried. */
export const NEAR_TIE_SHARE = 1e-3;

export interface StageResult {
  readonly relaxed: TransportSolution;
  readonly assignment: StageAssignment;
}

/** Checkpoints of the three parts of a stage's solution. */
export interface StageCheckpoints {
  readonly bound: Checkpoint;
  readonly search: Checkpoint;
}

/** Relaxation, price-guided start and local search of one stage. */
export function solveStage(stage: Stage, moves: number, seed: number, checkpoints: StageCheckpoints): StageResult {
  const relaxed = solveTransport(stage, checkpoints.bound);
  const guide = reducedValues(stage, relaxed.price);
  const start = constructFromRelaxation(stage, relaxed.flow, guide);
  const mean = stage.amount.reduce((sum, a) => sum + a, 0) / Math.max(1, stage.amount.length);
  const assignment = localSearch(
    stage,
    start,
    guide,
    { moves, temperature: mean * TEMPERATURE_SHARE, nearTie: mean * NEAR_TIE_SHARE },
    new Random(seed),
    checkpoints.search,
  );
  return { relaxed, assignment };
}
