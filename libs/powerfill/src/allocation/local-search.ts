import { ChainMoves } from './chain-moves';
import { type Checkpoint } from './checkpoint';
import { type Random } from './random';
import { SearchState } from './search-state';
import { type Stage, type StageAssignment, stageObjective } from './stage';

export interface SearchBudget {
  /** Moves tried in all. */
  readonly moves: number;
  /** Losses the search accepts at its start, cents a move; they fall to 0 over the budget. */
  readonly temperature: number;
  /** Options that lose more than this at the dual prices are not tried, cents. */
  readonly nearTie: number;
}

const BLOCK = 4096;

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
  let objective = stageObjective(stage, from);
  let bestObjective = objective;
  let best = from;
  for (let done = 0; done < budget.moves; done += BLOCK) {
    checkpoint(done / budget.moves);
    const left = 1 - done / budget.moves;
    search.temperature = left < 0.1 ? 0 : budget.temperature * left * left * left;
    for (let n = 0; n < BLOCK; n++) objective += search.move();
    if (objective > bestObjective && (left < 0.15 || done % (BLOCK * 16) === 0)) {
      bestObjective = objective;
      best = state.snapshot();
    }
  }
  return objective > bestObjective ? state.snapshot() : best;
}
