import { constructFromRelaxation } from '../search/construct';
import { type Core } from './core-stage';
import { oneLevel } from '../stage/level-terms';
import { optionWorths } from '../relaxation/option-worths';
import { type RelaxedStage } from './relaxed-stage';
import { type RestrictedLp } from '../relaxation/restricted-lp';
import { type Restrictions } from '../stage/restrictions';
import { type SearchSetting, type StageRules } from '../search/seeded-search';
import { isSmallStage } from '../polish/small-stage';
import { fillsOf, meanAmount, type Stage, type StageAssignment } from '../stage/stage';
import { NEAR_TIE_SHARE } from './stage-solve';

/** Losses the search accepts at its start, as a share of the mean loan. */
const TEMPERATURE_SHARE = 1e-4;
/** ... times the moves a loan has over this, between once and so many times: with fewer it could not cool down. */
const MOVES_PER_HEAT = 5_000;
const MOST_HEAT = 2;
/** With so many moves a loan two searches of an eighth each are enough where exchanges follow, which find the value... */
const ENOUGH_TO_SHARE = 1_000;
const BRIEF_SHARE = 1 / 8;
/** With so many a second search of as many gains more than one of twice as many. */
const PLENTY_OF_MOVES = 15_000;
/** Further starts share the moves once each has so many a loan. */
const MOVES_OF_A_START = 30_000;
/** Penalties of the search: per cent of a missed condition, at least this share of a cent. */
const LEAST_PENALTY = 0.01;
/** ... and this many times the multiplier of the relaxation. */
const PENALTY_OVER_PRICE = 3;
/** ... per cent a trade is away from its must_reach or from empty: so little that one may open and close loan by loan... */
const REACH_PENALTY = 0.002;
/** ... and this share of the mean loan for every condition missed. What stays missed grows dearer on the way. */
const FIXED_PENALTY_SHARE = 0.002;
/** Cents per cent a relaxed minimum is missed by: more than any loan is worth. */
const SOFT_PENALTY = 3;

/** What the searches of a stage start from and are led by: the relaxation's plan, guide and multipliers. */
export function searchSetting(
  { stage, restrictions, lp }: RelaxedStage,
  rules: StageRules,
): Omit<SearchSetting, 'budget'> & { readonly start: StageAssignment } {
  const guide = optionWorths(stage, restrictions, oneLevel(stage), lp);
  const start = closeHopelessTrades(stage, restrictions, lp, constructFromRelaxation(stage, lp.flow, guide));
  const mean = meanAmount(stage);
  const rates = {
    row: unitWeights(stage, restrictions).map((weight, r) => {
      if (restrictions.soft[r] === 1) return SOFT_PENALTY * weight;
      return lp.rowPrice[r]! * PENALTY_OVER_PRICE + LEAST_PENALTY * weight;
    }),
    reach: restrictions.relaxed ? SOFT_PENALTY : REACH_PENALTY,
    fixed: mean * (restrictions.relaxed ? 3 * SOFT_PENALTY : FIXED_PENALTY_SHARE),
    out: stage.net.reduce((top, v) => Math.max(top, Math.abs(v)), mean),
  };
  return { stage, restrictions, rules, start, guide, rates };
}

/** One search of so many moves. */
export function searchBudget(stage: Stage, moves: number): SearchSetting['budget'] {
  const mean = meanAmount(stage);
  const heat = Math.min(MOST_HEAT, Math.max(1, movesOfLoan(stage, moves) / MOVES_PER_HEAT));
  return { moves, temperature: mean * TEMPERATURE_SHARE * heat, nearTie: mean * NEAR_TIE_SHARE * 3 };
}

/** Losses accepted at the start of a search that starts from a dive, as a share of those otherwise: it is nearly in order. */
const DIVED = 0.4;

/** Searches of so many moves that each start from a dive. */
export function divingSetting(core: Core, rules: StageRules, moves: number): SearchSetting {
  const budget = searchBudget(core.stage, moves);
  const cooler = { ...budget, temperature: budget.temperature * DIVED };
  return { ...searchSetting(core, rules), start: core.dive, budget: cooler };
}

/** What the local search under restrictions may cost. */
export interface RestrictedBudget {
  /** Moves of one attempt. */
  readonly moves: number;
  /** Whether two searches side by side share them, where a loan has enough. */
  readonly shared: boolean;
  /** Attempts, each with seeds of its own, until one finds what may be reported. */
  readonly attempts: number;
}

/** Searches of a stage that start alike, each with a seed of its own. */
export interface Starts {
  /** One, or an even number, so that two threads have as many each. */
  readonly count: number;
  /** Moves of each. */
  readonly moves: number;
}

/**
 * The searches of each attempt, of which one follows where those before found nothing that may be reported. Where moves are
 * shared, an attempt of few moves comes first.
 *
 * @param relaxed minimums may be missed: no exchanges follow what misses one, so that the searches must find its value
 */
export function attemptsOf(stage: Stage, { moves, shared, attempts }: RestrictedBudget, relaxed: boolean): Starts[] {
  const each = movesOfLoan(stage, moves);
  if (shared && !isSmallStage(stage) && each >= ENOUGH_TO_SHARE && each < PLENTY_OF_MOVES) {
    const brief = { count: 2, moves: Math.round(moves * BRIEF_SHARE) };
    const full = new Array<Starts>(attempts).fill({ count: 2, moves: Math.round(moves / 2) });
    return relaxed ? full : [brief, ...full];
  }
  return new Array<Starts>(attempts).fill(startsOf(stage, moves));
}

function startsOf(stage: Stage, moves: number): Starts {
  const each = movesOfLoan(stage, moves);
  if (isSmallStage(stage) || each < PLENTY_OF_MOVES) return { count: 1, moves };
  const further = 2 * Math.floor(each / MOVES_OF_A_START / 2) + 1;
  return { count: further + 1, moves: Math.round(moves / further) };
}

/** Moves of a search per loan of the stage. */
export function movesOfLoan(stage: Stage, moves: number): number {
  return moves / Math.max(1, stage.loans.length);
}

/** Cents of loans per unit of a row's coefficients: turns what a row is missed by into cents. */
export function unitWeights(stage: Stage, restrictions: Restrictions): Float64Array {
  const size = new Float64Array(restrictions.rowCount);
  const weight = new Float64Array(restrictions.rowCount);
  for (let o = 0; o < stage.net.length; o++)
    for (let n = restrictions.start[o]!; n < restrictions.start[o + 1]!; n++) {
      size[restrictions.row[n]!]! += Math.abs(restrictions.coefficient[n]!);
      weight[restrictions.row[n]!]! += stage.amount[stage.loanOf[o]!]!;
    }
  return weight.map((cents, r) => cents / Math.max(1, size[r]!));
}

/** A used trade the relaxation fills to less than this share of its must_reach starts empty. */
const HOPELESS = 0.9;

/** Empties trades that start below their must_reach and are not meant to be filled. */
function closeHopelessTrades(
  stage: Stage,
  restrictions: Restrictions,
  lp: RestrictedLp,
  start: StageAssignment,
): StageAssignment {
  const planned = fillsOf(stage, lp.flow);
  const option = start.option.slice();
  const fill = start.fill.slice();
  option.forEach((o, s) => {
    if (o < 0 || restrictions.mustPlace[s] === 1) return;
    const j = stage.trade[o]!;
    if (start.fill[j]! >= restrictions.mustReach[j]! || planned[j]! >= restrictions.mustReach[j]! * HOPELESS) return;
    option[s] = -1;
    fill[j]! -= stage.amount[s]!;
  });
  return { option, fill };
}
