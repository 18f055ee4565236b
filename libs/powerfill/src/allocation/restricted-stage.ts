import { type Assignment, withStage } from './assignment';
import { type Checkpoint } from './checkpoint';
import { constructFromRelaxation } from './construct';
import { oneLevel } from './level-terms';
import { type SearchBudget } from './local-search';
import { optionWorths } from './option-worths';
import { type Polish, polished } from './polish';
import { Random } from './random';
import { type RestrictedLp } from './restricted-lp';
import { restrictedSearch } from './restricted-search';
import { type Restrictions } from './restrictions';
import { type StageRules, stageShortfall } from './seeded-search';
import { isSmallStage, solveSmallStage } from './small-stage';
import { meanAmount, type Stage, type StageAssignment, stageObjective } from './stage';
import { COOLED, NEAR_TIE_SHARE, ON_SIDES_SHARE } from './stage-solve';
import { sidesOfRelaxation, stageOnSides } from './trade-branching';
import { EITHER } from './trade-sides';

/** Losses the search accepts at its start, as a share of the mean loan. */
const TEMPERATURE_SHARE = 1e-4;
/** ... times the moves a loan has over this, between once and so many times: with fewer it could not cool down. */
const MOVES_PER_HEAT = 5_000;
const MOST_HEAT = 2;
/** With so many moves a loan the search crosses jumps by itself... */
const ENOUGH_MOVES = 4_000;
/** ... and with so many one gains less by as many again than by another start. */
const PLENTY_OF_MOVES = 15_000;
/** Further starts share the moves once each has so many a loan. */
const MOVES_OF_A_START = 30_000;
/** Share of the work before what follows the local search, for progress. */
const SEARCH_SHARE = 0.5;
/** `RestrictedBudget.attempts` where nothing may take the place of what is not found. */
export const ATTEMPTS = 3;
/** Penalties of the search: per cent of a missed condition, at least this share of a cent. */
const LEAST_PENALTY = 0.01;
/** ... and this many times the multiplier of the relaxation. */
const PENALTY_OVER_PRICE = 3;
/** ... per cent a trade is away from its must_reach or from empty: so little that one may open and close loan by loan... */
const REACH_PENALTY = 0.002;
/** ... and this share of the mean loan for every condition missed. What stays missed grows dearer on the way. */
const FIXED_PENALTY_SHARE = 0.002;
/** Cents per cent anything is missed by where a stage is solved as one program: far more than all it could earn. */
const DEAR = 100;
/** Cents per cent a relaxed minimum is missed by: more than any loan is worth. */
const SOFT_PENALTY = 3;

/** What the local search under restrictions may cost. */
export interface RestrictedBudget {
  /** Moves of one search. */
  readonly moves: number;
  /** Searches, each with a seed of its own, until one meets everything. */
  readonly attempts: number;
}

/** What follows the local search under restrictions. */
export interface RestrictedPolish extends Omit<Polish, 'rounds'> {
  /** As `Polish.rounds`, by the whole assignment. */
  readonly rounds: (current: Assignment) => number;
}

/**
 * Searches one stage from the relaxation's plan.
 *
 * @param rules what is placed already, and what an assignment is judged by
 * @param polish what follows the local search; a small stage is solved as one program instead
 * @returns the best assignment found, what was placed already included; null = none that may be reported
 */
export function searchRestrictedStage(
  stage: Stage,
  restrictions: Restrictions,
  lp: RestrictedLp,
  rules: StageRules,
  { moves, attempts }: RestrictedBudget,
  seed: number,
  checkpoint: Checkpoint,
  polish: RestrictedPolish,
): Assignment | null {
  const guide = optionWorths(stage, restrictions, oneLevel(stage), lp);
  const start = closeHopelessTrades(stage, restrictions, lp, constructFromRelaxation(stage, lp.flow, guide));
  const mean = meanAmount(stage);
  const unitWeight = unitWeights(stage, restrictions);
  const rates = {
    row: unitWeight.map((weight, r) => {
      if (restrictions.soft[r] === 1) return SOFT_PENALTY * weight;
      return lp.rowPrice[r]! * PENALTY_OVER_PRICE + LEAST_PENALTY * weight;
    }),
    reach: restrictions.relaxed ? SOFT_PENALTY : REACH_PENALTY,
    fixed: mean * (restrictions.relaxed ? 3 * SOFT_PENALTY : FIXED_PENALTY_SHARE),
    out: stage.net.reduce((top, v) => Math.max(top, Math.abs(v)), mean),
  };
  const each = moves / Math.max(1, stage.loans.length);
  const heat = Math.min(MOST_HEAT, Math.max(1, each / MOVES_PER_HEAT));
  const nearTie = mean * NEAR_TIE_SHARE * 3;
  const further = isSmallStage(stage) ? 0 : furtherStarts(each);
  const budget = {
    moves: Math.round(moves / Math.max(1, further)),
    temperature: mean * TEMPERATURE_SHARE * heat,
    nearTie,
  };
  const onSides = each >= ENOUGH_MOVES ? null : keptToSides(stage, lp.flow, nearTie);
  const judged = (assignment: StageAssignment): number | null => stageShortfall(rules, stage, assignment);
  const search: Search = (on, from, within, random, progress) =>
    restrictedSearch(on, restrictions, from, guide, rates, within, random, judged, progress);
  const progress: Checkpoint = (done) => checkpoint(SEARCH_SHARE * done);
  let found: StageAssignment | null = null;
  if (further > 0) {
    const setting = { stage, restrictions, rules, start, guide, rates, budget };
    const seeds = [seed, ...Array.from({ length: further }, (_, n) => seed + attempts + n)];
    const all = polish.crew.take('search', setting, polish.highs).run(seeds, progress);
    const shortfallOf = (assignment: StageAssignment): number => judged(assignment)!;
    const valueOf = (assignment: StageAssignment): number => stageObjective(stage, assignment);
    found = all.reduce((a, b) => betterOf(a, b, shortfallOf, valueOf));
  }
  const tried = Math.min(1, further);
  found ??= searchOnSidesFirst(stage, onSides, start, budget, attempts - tried, seed + tried, search, progress);
  const { fixed } = rules;
  let last: StageAssignment;
  if (isSmallStage(stage)) {
    const dear = { row: unitWeight.map((weight) => DEAR * weight), reach: DEAR, out: DEAR * rates.out };
    last = solveSmallStage(polish.highs, stage, restrictions, dear, found ?? start, checkpoint);
  } else {
    if (found === null) return null;
    const rounds = (current: StageAssignment): number => polish.rounds(withStage(fixed, stage, current));
    const guidance = { guide, price: lp.price, rowPrice: lp.rowPrice };
    const random = new Random(seed);
    const after: Checkpoint = (done) => checkpoint(SEARCH_SHARE + (1 - SEARCH_SHARE) * done);
    last = polished({ ...polish, rounds }, stage, restrictions, found, guidance, rates, random, after);
  }
  const shortfall = judged(last);
  const isBetter = shortfall !== null && (found === null || shortfall <= judged(found)!);
  const best = isBetter ? last : found;
  return best && withStage(fixed, stage, best);
}

/** Starts beside the first: none, or an odd number, so that two threads have as many each. */
function furtherStarts(movesOfALoan: number): number {
  if (movesOfALoan < PLENTY_OF_MOVES) return 0;
  return 2 * Math.floor(movesOfALoan / MOVES_OF_A_START / 2) + 1;
}

/** Cents of loans per unit of a row's coefficients: turns what a row is missed by into cents. */
function unitWeights(stage: Stage, restrictions: Restrictions): Float64Array {
  const size = new Float64Array(restrictions.rowCount);
  const weight = new Float64Array(restrictions.rowCount);
  for (let o = 0; o < stage.net.length; o++)
    for (let n = restrictions.start[o]!; n < restrictions.start[o + 1]!; n++) {
      size[restrictions.row[n]!]! += Math.abs(restrictions.coefficient[n]!);
      weight[restrictions.row[n]!]! += stage.amount[stage.loanOf[o]!]!;
    }
  return weight.map((cents, r) => cents / Math.max(1, size[r]!));
}

/** The stage with its trades kept to the relaxation's side of their L; null = no trade has one. */
function keptToSides(stage: Stage, flow: Float64Array, nearTie: number): Stage | null {
  const sides = sidesOfRelaxation(stage, new Uint8Array(stage.tradeCount), flow, nearTie);
  return sides.every((side) => side === EITHER) ? null : stageOnSides(stage, sides);
}

type Search = (
  on: Stage,
  from: StageAssignment,
  within: SearchBudget,
  random: Random,
  progress: Checkpoint,
) => StageAssignment | null;

/**
 * Searches with trades kept to what the relaxation does with them, then from there with all trades free. If nothing
 * allowed is met so, searches with all trades free from the start, each time with a seed of its own.
 *
 * @param search one search of a stage
 */
function searchOnSidesFirst(
  stage: Stage,
  onSides: Stage | null,
  start: StageAssignment,
  budget: SearchBudget,
  attempts: number,
  seed: number,
  search: Search,
  checkpoint: Checkpoint,
): StageAssignment | null {
  let left = budget.moves;
  if (onSides !== null) {
    const random = new Random(seed);
    const first = Math.round(budget.moves * ON_SIDES_SHARE);
    const best = search(onSides, start, { ...budget, moves: first }, random, (done) =>
      checkpoint(ON_SIDES_SHARE * done),
    );
    left -= first;
    const cooled = { ...budget, moves: left, temperature: budget.temperature * COOLED };
    const rest: Checkpoint = (done) => checkpoint(ON_SIDES_SHARE + (1 - ON_SIDES_SHARE) * done);
    if (best !== null) return search(stage, best, cooled, random, rest) ?? best;
  }
  for (let attempt = 0; attempt < attempts; attempt++) {
    const found = search(stage, start, { ...budget, moves: left }, new Random(seed + attempt), checkpoint);
    if (found !== null) return found;
    left = budget.moves;
  }
  return null;
}

/** Of two assignments the one with the smaller shortfall, then of the higher value, then the first. */
export function betterOf<T>(
  a: T | null,
  b: T | null,
  shortfall: (assignment: T) => number,
  value: (assignment: T) => number,
): T | null {
  if (a === null || b === null) return a ?? b;
  const less = shortfall(a) - shortfall(b);
  return less < 0 || (less === 0 && value(a) >= value(b)) ? a : b;
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
  const planned = stage.baseFill.slice();
  lp.flow.forEach((cents, o) => (planned[stage.trade[o]!]! += cents));
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
