import { ChainMoves } from './chain-moves';
import { type Checkpoint } from './checkpoint';
import { type SearchBudget } from './local-search';
import { type PenaltyRates, Penalties } from './penalties';
import { type Random } from './random';
import { type Restrictions } from './restrictions';
import { SearchState } from './search-state';
import { type Stage, type StageAssignment } from './stage';

const BLOCK = 4096;
/** Parts of the budget; the penalties rise after each part that ends with a condition missed. */
const PARTS = 5;
const RISE = 4;
/** Blocks between two looks at whether the search stands on a new best. */
const KEEP_EVERY = 8;

/**
 * The chain search under restrictions: conditions may be missed on the way, at a price that rises as long as the
 * search does not come back to a feasible assignment by itself.
 *
 * @param from where to start; may miss conditions
 * @param rates first penalties
 * @param outCost cents a loan that must be placed pays for staying out, first; others pay nothing
 * @param guide reduced value of each stage option at the multipliers of the relaxation, cents
 * @param judge exact shortfall of relaxed minimums, cents, or null when the assignment may not be reported
 * @returns the assignment with the least shortfall, then the highest value, of those met that may be reported, or null
 */
export function restrictedSearch(
  stage: Stage,
  restrictions: Restrictions,
  from: StageAssignment,
  guide: Float64Array,
  rates: PenaltyRates,
  outCost: number,
  budget: SearchBudget,
  random: Random,
  judge: (assignment: StageAssignment) => number | null,
  checkpoint: Checkpoint,
): StageAssignment | null {
  let best: StageAssignment | null = null;
  let bestObjective = -Infinity;
  let bestShortfall = Infinity;
  let current = from;
  let factor = 1;
  for (let part = 0; part < PARTS; part++) {
    const state = new SearchState(stage, current);
    const penalties = new Penalties(state, restrictions, {
      row: rates.row.map((rate, r) => (restrictions.soft[r] === 1 ? rate : rate * factor)),
      reach: restrictions.relaxed ? rates.reach : rates.reach * factor,
      fixed: rates.fixed * factor,
    });
    const out = Float64Array.from(state.stageLoan, (s) => restrictions.mustPlace[s]! * outCost * factor);
    const moves = new ChainMoves(state, guide, budget.nearTie, random, penalties, out);
    const keepBest = (): void => {
      const objective = state.objective();
      if (bestShortfall === 0 && (penalties.violations > 0 || objective <= bestObjective)) return;
      const snapshot = state.snapshot();
      const shortfall = judge(snapshot);
      if (shortfall === null || shortfall > bestShortfall) return;
      if (shortfall === bestShortfall && objective <= bestObjective) return;
      best = snapshot;
      bestObjective = objective;
      bestShortfall = shortfall;
    };
    keepBest();
    const share = budget.moves / PARTS;
    let block = 0;
    for (let done = 0; done < share && !moves.idle; done += BLOCK) {
      checkpoint((part + done / share) / PARTS);
      const left = 1 - (part + done / share) / PARTS;
      moves.temperature = done > share * 0.8 ? 0 : budget.temperature * left * left;
      moves.lookForSore();
      for (let n = 0; n < BLOCK; n++) moves.move();
      if (++block % KEEP_EVERY === 0 && penalties.violations === 0) keepBest();
    }
    keepBest();
    if (penalties.violations > 0 || best === null) factor *= RISE;
    current = part >= PARTS - 3 ? closeShortTrades(stage, restrictions, state.snapshot()) : state.snapshot();
  }
  return best;
}

/** Empties trades that ended below their must_reach, so that the search may fill others instead. */
function closeShortTrades(stage: Stage, restrictions: Restrictions, assignment: StageAssignment): StageAssignment {
  const option = assignment.option.slice();
  const fill = assignment.fill.slice();
  option.forEach((o, s) => {
    if (o < 0 || assignment.fill[stage.trade[o]!]! >= restrictions.mustReach[stage.trade[o]!]!) return;
    option[s] = -1;
    fill[stage.trade[o]!]! -= stage.amount[s]!;
  });
  return { option, fill };
}
