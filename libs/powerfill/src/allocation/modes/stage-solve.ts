import { type Checkpoint } from '../checkpoint';
import { constructFromRelaxation } from '../search/construct';
import { localSearch } from '../search/local-search';
import { type Polish, polished } from '../polish/polish';
import { Random } from '../random';
import { noRestrictions } from '../stage/restrictions';
import { isSmallStage, solveSmallStage } from '../polish/small-stage';
import { meanAmount, reducedValues, type Stage, type StageAssignment } from '../stage/stage';
import { branchOnSides, type SidesLeaf, sidesOfRelaxation, stageOnSides } from '../relaxation/trade-branching';
import { type TransportSolution } from '../relaxation/transport-lp';

/** Losses the search accepts at its start, per $100 of the mean loan: 1e-4 of par. */
const TEMPERATURE_SHARE = 1e-5;
/** Options further from a loan's best than this share of its stage's mean amount are not tried. */
export const NEAR_TIE_SHARE = 1e-3;

/** Share of the moves in which each trade keeps to the side of its L the relaxation has it on. */
export const ON_SIDES_SHARE = 0.75;
/** Losses accepted in the other moves, as a share of those before. */
export const COOLED = 0.1;

/** Without restrictions a stage misses nothing. */
const NOTHING_TO_MISS = { row: new Float64Array(0), reach: 0, out: 0 };

export interface StageResult {
  readonly relaxed: TransportSolution;
  /** Leaves of the branching on the jumps of the pair-off: together they cover every assignment. */
  readonly leaves: readonly SidesLeaf[];
  readonly assignment: StageAssignment;
}

/** Checkpoints of the two parts of a stage's solution. */
export interface StageCheckpoints {
  readonly bound: Checkpoint;
  readonly search: Checkpoint;
}

/** What a stage's solution may cost. */
export interface StageBudget {
  /** Relaxations of the branching on the jumps of the pair-off. */
  readonly nodes: number;
  readonly moves: number;
}

/**
 * Relaxation, price-guided start and local search of one stage. The search starts on the sides of the leaf with the
 * highest bound, guided by its prices, and keeps to them at first.
 *
 * @param polish what follows the local search; a small stage is solved as one program instead. null = neither
 */
export function solveStage(
  stage: Stage,
  { nodes, moves }: StageBudget,
  seed: number,
  checkpoints: StageCheckpoints,
  polish: Polish | null = null,
): StageResult {
  const leaves = branchOnSides(stage, nodes, checkpoints.bound);
  const [leaf] = leaves;
  const { relaxed } = leaf;
  const guide = reducedValues(stage, relaxed.price);
  const mean = meanAmount(stage);
  const nearTie = mean * NEAR_TIE_SHARE;
  const onSides = stageOnSides(stage, sidesOfRelaxation(stage, leaf.sides, relaxed.flow, nearTie));
  const { search } = checkpoints;
  const random = new Random(seed);
  let assignment = constructFromRelaxation(onSides, relaxed.flow, guide);
  const first = { moves: moves * ON_SIDES_SHARE, temperature: mean * TEMPERATURE_SHARE, nearTie };
  assignment = localSearch(onSides, assignment, guide, first, random, (done) => search(done * ON_SIDES_SHARE));
  const rest = { moves: moves - first.moves, temperature: first.temperature * COOLED, nearTie };
  assignment = localSearch(stage, assignment, guide, rest, random, (done) =>
    search(ON_SIDES_SHARE + done * (1 - ON_SIDES_SHARE)),
  );
  if (polish === null) return { relaxed, leaves, assignment };
  const rules = noRestrictions(stage);
  const guidance = { guide, price: relaxed.price, rowPrice: NOTHING_TO_MISS.row };
  assignment = isSmallStage(stage)
    ? solveSmallStage(polish.highs, stage, rules, NOTHING_TO_MISS, assignment, search)
    : polished(polish, stage, rules, assignment, guidance, NOTHING_TO_MISS, new Random(seed), search);
  return { relaxed, leaves, assignment };
}
