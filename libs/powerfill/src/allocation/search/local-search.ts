import { ChainMoves } from './chain-moves';
import { type Checkpoint } from '../checkpoint';
import { type Random } from '../random';
import { SearchState } from './search-state';
import { type Stage, type StageAssignment, stageObjective } from '../stage/stage';

export interface SearchBudget {
  /** Moves tried in all. */
  readonly moves: number;
  /** Losses the search accepts at its start, cents a move; they fall to 0 over the budget. */
  readonly temperature: number;
  /** Options that lose more than this at the dual prices are not tried, cents. */
  readonly nearTie: number;
}

const BLOCK = 4096;
/** Last share of the budget, in which no move may lose. */
const QUENCH_SHARE = 0.1;
/** Blocks between two looks at whether the search stands on a new best. */
const KEEP_EVERY = 16;

/**
 * Threshold-accepting local search by ejection chains (`ChainMoves`): the loss a move may make falls to 0 over the
 * budget of moves.
 *
 * @param guide reduced value of each stage option, cents
 * @returns the best assignment seen, never worse than `from`
 */
export function localSearch(
  stage: Stage,
  from: StageAssignment,
  guide: Float64Array,
  budget: SearchBudget,
  random: Random,
  checkpoint: Checkpoint,
): StageAssignment {
  const state = new SearchState(stage, from);
  const search = new ChainMoves(state, guide, budget.nearTie, random);
  if (search.idle) return from;
  let bestObjective = stageObjective(stage, from);
  let best = from;
  const keepBest = (): void => {
    const objective = state.objective();
    if (objective <= bestObjective) return;
    bestObjective = objective;
    best = state.snapshot();
  };
  for (let done = 0; done < budget.moves; done += BLOCK) {
    checkpoint(done / budget.moves);
    const left = 1 - done / budget.moves;
    search.temperature = left < QUENCH_SHARE ? 0 : budget.temperature * left * left * left;
    search.lookForSore();
    for (let n = 0; n < BLOCK; n++) search.move();
    if ((done / BLOCK) % KEEP_EVERY === KEEP_EVERY - 1) keepBest();
  }
  keepBest();
  return best;
}
