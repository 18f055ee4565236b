import { type Checkpoint } from '../checkpoint';
import { constructFromRelaxation } from '../search/construct';
import { type Polish, polished } from '../polish/polish';
import { Random } from '../random';
import { noRestrictions } from '../stage/restrictions';
import { isSmallStage, solveSmallStage } from '../polish/small-stage';
import { NOTHING_TO_MISS, searchStart, type StartSetting } from '../polish/stage-start';
import { meanAmount, reducedValues, type Stage, type StageAssignment, stageObjective } from '../stage/stage';
import { branchOnSides, type SidesLeaf, sidesOfRelaxation, stageOnSides } from '../relaxation/trade-branching';
import { type TransportSolution } from '../relaxation/transport-lp';

/** Options further from a loan's best than this share of its stage's mean amount are not tried. */
export const NEAR_TIE_SHARE = 1e-3;

/** Share of the work that the starts are, for progress. */
const STARTS_SHARE = 0.7;

export interface StageResult {
  readonly relaxed: TransportSolution;
  /** Leaves of the branching on the jumps of the pair-off: together they cover every assignment. */
  readonly leaves: readonly SidesLeaf[];
  readonly assignment: StageAssignment;
  /** Moves of all starts. */
  readonly moves: number;
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
  /** Moves of each start. */
  readonly moves: number;
  /** Searches from the relaxation's plan, each with a seed of its own, of which the best goes on. */
  readonly starts: number;
}

/**
 * Relaxation, price-guided start and local search of one stage. The search starts on the sides of the leaf with the
 * highest bound, guided by its prices, and keeps to them at first.
 *
 * @param polish what follows the local search; a small stage is solved as one program instead. null = neither
 */
export function solveStage(
  stage: Stage,
  { nodes, moves, starts }: StageBudget,
  seed: number,
  checkpoints: StageCheckpoints,
  polish: Polish | null = null,
): StageResult {
  const leaves = branchOnSides(stage, nodes, checkpoints.bound);
  const [leaf] = leaves;
  const { relaxed } = leaf;
  const guide = reducedValues(stage, relaxed.price);
  const guidance = { guide, price: relaxed.price, rowPrice: NOTHING_TO_MISS.row };
  const nearTie = meanAmount(stage) * NEAR_TIE_SHARE;
  const onSides = stageOnSides(stage, sidesOfRelaxation(stage, leaf.sides, relaxed.flow, nearTie));
  const from = constructFromRelaxation(onSides, relaxed.flow, guide);
  const { search } = checkpoints;
  const setting = { stage, onSides, from, guidance, moves, nearTie };
  if (polish !== null && !isSmallStage(stage)) {
    const assignment = bestOfStarts(setting, starts, seed, search, polish);
    return { relaxed, leaves, assignment, moves: starts * moves };
  }
  const found = searchStart({ ...setting, exchanges: 0 }, seed, search);
  const assignment =
    polish === null
      ? found
      : solveSmallStage(polish.highs, stage, noRestrictions(stage), NOTHING_TO_MISS, found, search);
  return { relaxed, leaves, assignment, moves };
}

/** The best of some starts, and what the large neighbourhoods make of it. */
function bestOfStarts(
  setting: Omit<StartSetting, 'exchanges'>,
  starts: number,
  seed: number,
  checkpoint: Checkpoint,
  polish: Polish,
): StageAssignment {
  const { stage, guidance } = setting;
  const { first, most } = polish.exchanges;
  const exchanges = Math.min(most, first * stage.tradeCount);
  const found = polish.crew
    .take('start', { ...setting, exchanges }, polish.highs)
    .run(
      Array.from({ length: starts }, (_, n) => ({ seed: seed + n })),
      (done) => checkpoint(STARTS_SHARE * done),
    )
    .reduce((a, b) => (stageObjective(stage, b) > stageObjective(stage, a) ? b : a));
  if (polish.rounds(found) === 0) return found;
  const rest = { ...polish, exchanges: { ...polish.exchanges, first: 0 } };
  const after: Checkpoint = (done) => checkpoint(STARTS_SHARE + (1 - STARTS_SHARE) * done);
  return polished(rest, stage, noRestrictions(stage), found, guidance, NOTHING_TO_MISS, new Random(seed), after);
}
