import { type Checkpoint } from '../checkpoint';
import { localSearch } from '../search/local-search';
import { acceptedLoss, exchangesFrom } from './exchanges';
import { type Guidance } from './exchange-search';
import { Random } from '../random';
import { noRestrictions } from '../stage/restrictions';
import { meanAmount, type Stage, type StageAssignment } from '../stage/stage';
import { MutableStanding } from './standing';

/** Losses the search accepts at its start, per $100 of the mean loan: 1e-4 of par. */
const TEMPERATURE_SHARE = 1e-5;
/** Share of the moves in which each trade keeps to the side of its L the relaxation has it on. */
const ON_SIDES_SHARE = 0.75;
/** Losses accepted in the other moves, as a share of those before. */
const COOLED = 0.1;
/** Share of the work that the local search is, for progress. */
const SEARCH_SHARE = 0.5;

/** Without restrictions a stage misses nothing. */
export const NOTHING_TO_MISS = { row: new Float64Array(0), reach: 0, out: 0 };

/** What the starts of a stage without restrictions share. */
export interface StartSetting {
  readonly stage: Stage;
  /** The stage with each trade on the side of its L where the relaxation has it. */
  readonly onSides: Stage;
  readonly from: StageAssignment;
  readonly guidance: Guidance;
  readonly moves: number;
  /** Options that lose more than this by the guide are not tried, cents. */
  readonly nearTie: number;
  /** Sets of trades that the exchanges after the moves try. */
  readonly exchanges: number;
}

/** One start: local search, at first on the sides of the relaxation, then exchanges. */
export function searchStart(
  { stage, onSides, from, guidance, moves, nearTie, exchanges }: StartSetting,
  seed: number,
  checkpoint: Checkpoint,
): StageAssignment {
  const { guide } = guidance;
  const random = new Random(seed);
  const search: Checkpoint = exchanges === 0 ? checkpoint : (done) => checkpoint(SEARCH_SHARE * done);
  const first = { moves: moves * ON_SIDES_SHARE, temperature: meanAmount(stage) * TEMPERATURE_SHARE, nearTie };
  const kept = localSearch(onSides, from, guide, first, random, (done) => search(done * ON_SIDES_SHARE));
  const rest = { moves: moves - first.moves, temperature: first.temperature * COOLED, nearTie };
  const found = localSearch(stage, kept, guide, rest, random, (done) =>
    search(ON_SIDES_SHARE + done * (1 - ON_SIDES_SHARE)),
  );
  if (exchanges === 0 || stage.loans.length < 2) return found;
  const free = noRestrictions(stage);
  const standing = new MutableStanding(stage, free, NOTHING_TO_MISS, found);
  exchangesFrom(stage, free, found, guidance, new Random(seed)).search.improve(
    standing,
    exchanges,
    acceptedLoss(stage),
    (done) => checkpoint(SEARCH_SHARE + (1 - SEARCH_SHARE) * done),
  );
  return standing.snapshot();
}
