import { type Checkpoint } from '../checkpoint';
import { type CompositionLeads } from '../compositions/composition-leads';
import { type Engines } from '../crew';
import { type ExchangeBudget, type SubProblems } from '../effort';
import { type Guidance } from './exchange-search';
import { acceptedLoss, exchangesFrom } from './exchanges';
import { type MissCharges } from './neighbourhood-model';
import { NeighbourhoodSearch } from './neighbourhood-search';
import { type Random } from '../random';
import { type Restrictions } from '../stage/restrictions';
import { type Stage, type StageAssignment } from '../stage/stage';
import { MutableStanding } from './standing';

/** Sub-problems before the second pass of exchanges. Each further pass follows after as many as there were: it finds less. */
const FIRST_ROUNDS = 48;
/** After so many in a row that brought nothing it ends. */
const MOST_IN_VAIN = 200;
/** Share of the work before the large-neighbourhood search, for progress. */
const FIRST_SHARE = 0.2;

/** What follows the local search. */
export interface Polish extends Engines {
  readonly exchanges: ExchangeBudget;
  /** Sub-problems of the large-neighbourhood search, by what the first exchanges made of the assignment. */
  readonly rounds: (current: StageAssignment) => number;
  readonly subProblems: SubProblems;
  /** What the trades would choose; null = not known. */
  readonly leads: CompositionLeads | null;
}

/**
 * Improves what a local search found: by exchanges, and where there is a budget for it by large neighbourhoods, in turns.
 *
 * @param from where to start; what it misses may stay missed, at the charges
 * @returns an assignment that misses no more than `from`, charges summed, and if no less, is worth as much or more
 */
export function polished(
  { highs, crew, exchanges, rounds: roundsFor, leads, subProblems }: Polish,
  stage: Stage,
  restrictions: Restrictions,
  from: StageAssignment,
  guidance: Guidance,
  charges: MissCharges,
  random: Random,
  checkpoint: Checkpoint,
): StageAssignment {
  if (stage.loans.length < 2) return from;
  const standing = new MutableStanding(stage, restrictions, charges, from);
  const { search, loss } = exchangesFrom(stage, restrictions, from, guidance, random);
  const pass = (perTrade: number, accepted: number, after: Checkpoint): void => {
    // What is missed is for the sub-problems to mend.
    if (standing.missed() > 0) return;
    search.improve(standing, Math.min(exchanges.most, perTrade * stage.tradeCount), accepted, after);
  };
  pass(exchanges.first, acceptedLoss(stage), (done) => checkpoint(done * FIRST_SHARE));
  const rounds = roundsFor(standing.snapshot());
  if (rounds === 0) return standing.snapshot();
  const neighbourhoods = new NeighbourhoodSearch(
    crew.take('neighbourhood', { stage, restrictions, charges }, highs),
    stage,
    restrictions,
    guidance.guide,
    loss,
    random,
    leads,
    subProblems,
  );
  let done = 0;
  let inVain = 0;
  while (done < rounds && inVain < MOST_IN_VAIN && !neighbourhoods.spent) {
    const now = Math.min(Math.max(FIRST_ROUNDS, done), rounds - done);
    const before = { missed: standing.missed(), objective: standing.objective() };
    const progress = (share: number): void =>
      checkpoint(FIRST_SHARE + ((1 - FIRST_SHARE) * (done + share * now)) / rounds);
    neighbourhoods.improve(standing, now, progress);
    pass(exchanges.further, 0, () => progress(1));
    const better = standing.missed() < before.missed || standing.objective() > before.objective;
    inVain = better ? 0 : inVain + now;
    done += now;
  }
  return standing.snapshot();
}
