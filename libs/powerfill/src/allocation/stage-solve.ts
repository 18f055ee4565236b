import { type Checkpoint } from './checkpoint';
import { constructFromRelaxation } from './construct';
import { localSearch } from './local-search';
import { neighbourhoodSearch, type Polish } from './neighbourhood-search';
import { Random } from './random';
import { noRestrictions } from './restrictions';
import { isSmallStage, solveSmallStage } from './small-stage';
import { reducedValues, type Stage, type StageAssignment } from './stage';
import { solveTransport, type TransportSolution } from './transport-lp';

/** Losses the search accepts at its start, per $100 of the mean loan: 1e-4 of par. */
export const TEMPERATURE_SHARE = 1e-5;
/** Options further from a loan's best than this share of its stage's mean amount are not tried. */
export const NEAR_TIE_SHARE = 1e-3;

/** Without restrictions a stage misses nothing. */
const NOTHING_TO_MISS = { row: new Float64Array(0), reach: 0, out: 0 };

export interface StageResult {
  readonly relaxed: TransportSolution;
  readonly assignment: StageAssignment;
}

/** Checkpoints of the three parts of a stage's solution. */
export interface StageCheckpoints {
  readonly bound: Checkpoint;
  readonly search: Checkpoint;
}

/**
 * Relaxation, price-guided start and local search of one stage.
 *
 * @param polish the large-neighbourhood search that follows; a small stage is solved as one program instead. null = neither
 */
export function solveStage(
  stage: Stage,
  moves: number,
  seed: number,
  checkpoints: StageCheckpoints,
  polish: Polish | null = null,
): StageResult {
  const relaxed = solveTransport(stage, checkpoints.bound);
  const guide = reducedValues(stage, relaxed.price);
  const start = constructFromRelaxation(stage, relaxed.flow, guide);
  const mean = stage.amount.reduce((sum, a) => sum + a, 0) / Math.max(1, stage.amount.length);
  const searched = localSearch(
    stage,
    start,
    guide,
    { moves, temperature: mean * TEMPERATURE_SHARE, nearTie: mean * NEAR_TIE_SHARE },
    new Random(seed),
    checkpoints.search,
  );
  if (polish === null) return { relaxed, assignment: searched };
  const { highs, rounds } = polish;
  const rules = noRestrictions(stage);
  const { search } = checkpoints;
  if (isSmallStage(stage))
    return { relaxed, assignment: solveSmallStage(highs, stage, rules, NOTHING_TO_MISS, searched, search) };
  const random = new Random(seed);
  const assignment = neighbourhoodSearch(highs, stage, rules, searched, guide, NOTHING_TO_MISS, rounds, random, search);
  return { relaxed, assignment };
}
