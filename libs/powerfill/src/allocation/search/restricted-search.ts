import { ChainMoves } from './chain-moves';
import { type Checkpoint } from '../checkpoint';
import { type SearchBudget } from './local-search';
import { type FactorPace, Penalties, type PenaltyRates } from './penalties';
import { type Random } from '../random';
import { type Restrictions } from '../stage/restrictions';
import { SearchState } from './search-state';
import { type Stage, type StageAssignment } from '../stage/stage';
import { TradeMoves } from './trade-moves';

/** Moves between two adaptations of the penalties. */
const BLOCK = 1024;
/** One in so many moves opens or closes a trade. */
const TRADE_MOVE_EVERY = 128;
const PACE: FactorPace = { up: 1.25, down: 0.997 };
/** An assignment is judged after every so many moves a loan: judging looks at all of them. */
const JUDGED_EVERY = 1;
/** Share of the budget after which no loss is accepted any more. */
const DESCENT = 0.85;

/**
 * The chain search under restrictions: conditions may be missed on the way, each at a price of its own that rises as
 * long as it is missed and falls slowly while it holds, so that the search keeps crossing the border of what is allowed
 * where that pays.
 *
 * @param from where to start; may miss conditions
 * @param rates first penalties
 * @param guide reduced value of each stage option at the multipliers of the relaxation, cents
 * @param judge exact shortfall of relaxed minimums, cents, or null when the assignment may not be reported
 * @returns of the assignments met that may be reported the one with the least shortfall, then the highest value, or null
 */
export function restrictedSearch(
  stage: Stage,
  restrictions: Restrictions,
  from: StageAssignment,
  guide: Float64Array,
  rates: PenaltyRates,
  budget: SearchBudget,
  random: Random,
  judge: (assignment: StageAssignment) => number | null,
  checkpoint: Checkpoint,
): StageAssignment | null {
  const state = new SearchState(stage, from);
  const penalties = new Penalties(state, restrictions, rates);
  const moves = new ChainMoves(state, guide, budget.nearTie, random, penalties);
  const tradeMoves = new TradeMoves(state, restrictions, penalties, guide, random);
  const incumbent = new Incumbent(state, judge);
  const judgedEvery = Math.ceil((JUDGED_EVERY * state.loanCount) / BLOCK);
  let objective = state.objective();
  incumbent.offer(objective, penalties);
  incumbent.settle(penalties);
  for (let done = 0; done < budget.moves && !moves.idle; done += BLOCK) {
    checkpoint(done / budget.moves);
    const left = 1 - done / budget.moves / DESCENT;
    moves.temperature = left <= 0 ? 0 : budget.temperature * left * left;
    moves.lookForSore();
    for (let n = 0; n < BLOCK; n++) {
      const gain = n % TRADE_MOVE_EVERY === 0 ? tradeMoves.move(moves.temperature) : moves.move();
      objective += gain;
      if (gain > 0 || penalties.violations === 0) incumbent.offer(objective, penalties);
    }
    if ((done / BLOCK) % judgedEvery === 0) incumbent.settle(penalties);
    penalties.adapt(PACE);
  }
  incumbent.settle(penalties);
  return incumbent.best;
}

/** The best assignment met. What looks best to the search is judged exactly at the end of a block. */
class Incumbent {
  best: StageAssignment | null = null;
  objective = -Infinity;
  private shortfall = Infinity;
  /** Highest value met without a miss since the last judgement; higher than `objective`. */
  private offered = -Infinity;
  private readonly option: Int32Array;
  private readonly fill: Float64Array;

  constructor(
    private readonly state: SearchState,
    private readonly judge: (assignment: StageAssignment) => number | null,
  ) {
    this.option = new Int32Array(state.loanCount);
    this.fill = new Float64Array(state.fill.length);
  }

  offer(objective: number, { violations, missed }: Penalties): void {
    if (violations > 0 || missed > 0) return;
    if (objective <= this.offered || (this.shortfall === 0 && objective <= this.objective)) return;
    this.offered = objective;
    this.option.set(this.state.option);
    this.fill.set(this.state.fill);
  }

  /** Judges the best of the block, and while minimums are missed the state itself. */
  settle({ violations, missed }: Penalties): void {
    if (this.offered > -Infinity) this.keep(this.state.translated(this.option, this.fill), this.offered);
    else if (violations === 0 && missed > 0 && this.shortfall > 0)
      this.keep(this.state.snapshot(), this.state.objective());
    this.offered = -Infinity;
  }

  private keep(assignment: StageAssignment, objective: number): void {
    const shortfall = this.judge(assignment);
    if (shortfall === null || shortfall > this.shortfall) return;
    if (shortfall === this.shortfall && objective <= this.objective) return;
    this.best = assignment;
    this.objective = objective;
    this.shortfall = shortfall;
  }
}
