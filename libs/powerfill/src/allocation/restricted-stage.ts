import { type Assignment, withStage } from './assignment';
import { type Checkpoint } from './checkpoint';
import { type Compositions } from './compositions';
import { constructFromRelaxation } from './construct';
import { oneLevel } from './level-terms';
import { type SearchBudget } from './local-search';
import { optionWorths } from './option-worths';
import { type Polish, polished } from './polish';
import { type ProbeBudget, probeTrades } from './probe-trades';
import { Random } from './random';
import { type RestrictedLp } from './restricted-lp';
import { type RestrictedFinding, restrictedSearch } from './restricted-search';
import { type Restrictions } from './restrictions';
import { isSmallStage, solveSmallStage } from './small-stage';
import { meanAmount, type Stage, type StageAssignment } from './stage';
import { COOLED, NEAR_TIE_SHARE, ON_SIDES_SHARE } from './stage-solve';
import { sidesOfRelaxation, stageOnSides } from './trade-branching';
import { EITHER } from './trade-sides';
import { stageByUse } from './trade-use';

/** Losses the search accepts at its start, as a share of the mean loan. */
const TEMPERATURE_SHARE = 1e-4;
/** ... times the moves a loan has over this, at most so many times; with fewer than these it could not cool down. */
const MOVES_PER_DEGREE = 2_400;
const MOST_DEGREES = 12;
const LEAST_MOVES = 5_000;
/** Losses the search accepts when it adapts to a probed trade, as a share of those at its start. */
const PROBE_WARMTH = 0.2;
/** ... and the moves of a probe, at most, as a share of those of the search. */
const PROBE_SHARE = 0.03;
/** Searches, each with a seed of its own, until one meets everything. */
const ATTEMPTS = 3;
/** Penalties of the search: per cent of a missed condition, at least this share of a cent. */
const LEAST_PENALTY = 0.01;
/** ... and this many times the multiplier of the relaxation. */
const PENALTY_OVER_PRICE = 3;
const REACH_PENALTY = 0.05;
/** ... and this share of the mean loan for every condition missed. */
const FIXED_PENALTY_SHARE = 0.02;
/** Cents per cent anything is missed by where a stage is solved as one program: far more than all it could earn. */
const DEAR = 100;
/** Cents per cent a relaxed minimum is missed by: more than any loan is worth. */
const SOFT_PENALTY = 3;

/** What follows the local search under restrictions. */
export interface RestrictedPolish extends Pick<Polish, 'highs' | 'exchanges'> {
  /** As `Polish.rounds`, by the whole assignment. */
  readonly rounds: (current: Assignment) => number;
  /** Before all else, where it is known what the trades would choose. */
  readonly probes: ProbeBudget;
}

/**
 * Searches one stage from the relaxation's plan.
 *
 * @param fixed what is placed already
 * @param judge exact shortfall of relaxed minimums, cents, or null when the assignment may not be reported
 * @param polish what follows the local search; a small stage is solved as one program instead
 * @param compositions what the trades would choose; null = not known
 * @returns the best assignment found, `fixed` included; null = none that may be reported
 */
export function searchRestrictedStage(
  stage: Stage,
  restrictions: Restrictions,
  lp: RestrictedLp,
  fixed: Assignment,
  moves: number,
  seed: number,
  judge: (assignment: Assignment) => number | null,
  checkpoint: Checkpoint,
  polish: RestrictedPolish,
  compositions: Compositions | null = null,
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
  const degrees = degreesFor(moves, stage);
  const nearTie = mean * NEAR_TIE_SHARE * 3;
  const budget = { moves, temperature: mean * TEMPERATURE_SHARE * degrees, nearTie };
  const kept =
    compositions !== null && degrees >= HOT
      ? { ...BY_USE, stage: stageByUse(stage, restrictions, compositions.used) }
      : keptToSides(stage, lp.flow, nearTie);
  const judged = (assignment: StageAssignment): number | null => judge(withStage(fixed, stage, assignment));
  const search = (
    on: Stage,
    from: StageAssignment,
    within: SearchBudget,
    random: Random,
    verdict = judged,
  ): RestrictedFinding => restrictedSearch(on, restrictions, from, guide, rates, within, random, verdict, checkpoint);
  let found = searchKeptFirst(stage, kept, start, budget, seed, search);
  if (found !== null && compositions !== null && !isSmallStage(stage) && judged(found) === 0) {
    const random = new Random(seed);
    const probes = { ...polish.probes, moves: Math.min(polish.probes.moves, Math.round(moves * PROBE_SHARE)) };
    const calm = { ...budget, temperature: 0 };
    const warm = { ...budget, temperature: budget.temperature * PROBE_WARMTH };
    // Judging looks at all loans: of a probe only what comes out is judged.
    const probed = probeTrades(
      stage,
      found,
      compositions.leads,
      probes,
      (on, from, most, isCalm) => search(on, from, { ...(isCalm ? calm : warm), moves: most }, random, () => 0).best,
    );
    if (judged(probed) === 0) found = probed;
  }
  const result = found && withStage(fixed, stage, found);
  let last: StageAssignment;
  if (isSmallStage(stage)) {
    const dear = { row: unitWeight.map((weight) => DEAR * weight), reach: DEAR, out: DEAR * rates.out };
    last = solveSmallStage(polish.highs, stage, restrictions, dear, found ?? start, checkpoint);
  } else {
    if (found === null || result === null) return null;
    const rounds = (current: StageAssignment): number => polish.rounds(withStage(fixed, stage, current));
    const guidance = { guide, price: lp.price, rowPrice: lp.rowPrice };
    const random = new Random(seed);
    const after = { ...polish, rounds, leads: compositions?.leads ?? null };
    last = polished(after, stage, restrictions, found, guidance, rates, random, checkpoint);
  }
  const better = withStage(fixed, stage, last);
  const shortfall = judge(better);
  return shortfall === null || (result !== null && shortfall > judge(result)!) ? result : better;
}

/** The more moves there are for each loan, the hotter the search starts: it cools as slowly as it can afford. */
function degreesFor(moves: number, stage: Stage): number {
  const each = moves / Math.max(1, stage.loans.length);
  return each < LEAST_MOVES ? 1 : Math.min(MOST_DEGREES, each / MOVES_PER_DEGREE);
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

/** What a search keeps to at first. */
interface Kept {
  readonly stage: Stage;
  /** Share of the moves in which it does. */
  readonly share: number;
  /** Losses accepted in the other moves, as a share of those before. */
  readonly cooled: number;
  /** Whether the other moves may start from misses. */
  readonly mends: boolean;
}

/** Trades kept in use or empty; what cannot hold so is mended afterwards, which takes moves and heat. */
const BY_USE = { share: 0.5, cooled: 0.3, mends: true };
const HOT = 4;

/** Trades kept to the relaxation's side of their L. */
function keptToSides(stage: Stage, flow: Float64Array, nearTie: number): Kept | null {
  const sides = sidesOfRelaxation(stage, new Uint8Array(stage.tradeCount), flow, nearTie);
  if (sides.every((side) => side === EITHER)) return null;
  return { stage: stageOnSides(stage, sides), share: ON_SIDES_SHARE, cooled: COOLED, mends: false };
}

/**
 * Searches with trades kept to what a relaxation does with them, then from there with all trades free. If nothing allowed
 * is met so, searches with all trades free from the start, each time with a seed of its own.
 *
 * @param search one search of a stage
 */
function searchKeptFirst(
  stage: Stage,
  kept: Kept | null,
  start: StageAssignment,
  budget: SearchBudget,
  seed: number,
  search: (on: Stage, from: StageAssignment, within: SearchBudget, random: Random) => RestrictedFinding,
): StageAssignment | null {
  const { moves, temperature, nearTie } = budget;
  let left = moves;
  if (kept !== null) {
    const random = new Random(seed);
    const first = Math.round(moves * kept.share);
    const { best, last } = search(kept.stage, start, { ...budget, moves: first }, random);
    left -= first;
    if (best !== null || kept.mends) {
      const rest = { moves: left, temperature: temperature * kept.cooled, nearTie };
      const found = search(stage, best ?? last, rest, random).best ?? best;
      if (found !== null) return found;
      left = moves;
    }
  }
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const found = search(stage, start, { ...budget, moves: left }, new Random(seed + attempt)).best;
    if (found !== null) return found;
    left = moves;
  }
  return null;
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
