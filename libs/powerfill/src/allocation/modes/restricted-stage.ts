import { type Assignment, withStage } from '../stage/assignment';
import { type Checkpoint } from '../checkpoint';
import { type SearchBudget } from '../search/local-search';
import { type Polish, polished } from '../polish/polish';
import { Random } from '../random';
import { type RelaxedStage } from './relaxed-stage';
import { restrictedSearch } from '../search/restricted-search';
import { furtherStarts, movesOfLoan, searchSetting, unitWeights } from './search-setting';
import { type SearchSetting, type StageRules, stageShortfall } from '../search/seeded-search';
import { isSmallStage, solveSmallStage } from '../polish/small-stage';
import { type Stage, type StageAssignment, stageObjective } from '../stage/stage';
import { COOLED, ON_SIDES_SHARE } from './stage-solve';
import { sidesOfRelaxation, stageOnSides } from '../relaxation/trade-branching';
import { EITHER } from '../stage/trade-sides';

/** With so many moves a loan the search crosses jumps by itself. */
const ENOUGH_MOVES = 4_000;
/** Share of the work before what follows the local search, for progress. */
export const SEARCH_SHARE = 0.5;
/** `RestrictedBudget.attempts` where nothing may take the place of what is not found. */
export const ATTEMPTS = 3;
/** Cents per cent anything is missed by where a stage is solved as one program: far more than all it could earn. */
const DEAR = 100;
/** What the local search under restrictions may cost. */
export interface RestrictedBudget {
  /** Moves of one search. */
  readonly moves: number;
  /** Searches, each with a seed of its own, until one meets everything. */
  readonly attempts: number;
}

/** What follows the local search under restrictions. */
export interface RestrictedPolish extends Omit<Polish, 'rounds' | 'leads'> {
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
  relaxed: RelaxedStage,
  rules: StageRules,
  { moves, attempts }: RestrictedBudget,
  seed: number,
  checkpoint: Checkpoint,
  polish: RestrictedPolish,
): Assignment | null {
  const { stage, restrictions, lp } = relaxed;
  const setting = searchSetting(relaxed, rules, moves);
  const { start, guide, rates, budget } = setting;
  const further = furtherStarts(stage, moves);
  const onSides = movesOfLoan(stage, moves) >= ENOUGH_MOVES ? null : keptToSides(stage, lp.flow, budget.nearTie);
  const judged = (assignment: StageAssignment): number | null => stageShortfall(rules, stage, assignment);
  const search: Search = (on, from, within, random, progress) =>
    restrictedSearch(on, restrictions, from, guide, rates, within, random, judged, progress);
  const progress: Checkpoint = (done) => checkpoint(SEARCH_SHARE * done);
  let found: StageAssignment | null = null;
  if (further > 0) {
    const seeds = [seed, ...Array.from({ length: further }, (_, n) => seed + attempts + n)];
    const tasks = seeds.map((own) => ({ of: 0, seed: own }));
    found = bestFound(rules, stage, polish.crew.take('search', [setting], polish.highs).run(tasks, progress));
  }
  const tried = Math.min(1, further);
  found ??= searchOnSidesFirst(stage, onSides, start, budget, attempts - tried, seed + tried, search, progress);
  if (isSmallStage(stage)) {
    const weights = unitWeights(stage, restrictions);
    const dear = { row: weights.map((weight) => DEAR * weight), reach: DEAR, out: DEAR * rates.out };
    const solved = solveSmallStage(polish.highs, stage, restrictions, dear, found ?? start, checkpoint);
    const best = noWorse(judged, solved, found);
    return best && withStage(rules.fixed, stage, best);
  }
  return found && polishedFrom(setting, relaxed, found, seed, checkpoint, polish);
}

/**
 * What follows the local search of a stage that is not small.
 *
 * @param found where to start: may be reported
 * @returns an assignment no worse, what was placed already included
 */
export function polishedFrom(
  { stage, restrictions, rules, guide, rates }: SearchSetting,
  { lp: { price, rowPrice }, leads }: RelaxedStage,
  found: StageAssignment,
  seed: number,
  checkpoint: Checkpoint,
  polish: RestrictedPolish,
): Assignment {
  const whole = (current: StageAssignment): Assignment => withStage(rules.fixed, stage, current);
  const rounds = (current: StageAssignment): number => polish.rounds(whole(current));
  const guidance = { guide, price, rowPrice };
  const after: Checkpoint = (done) => checkpoint(SEARCH_SHARE + (1 - SEARCH_SHARE) * done);
  const last = polished(
    { ...polish, rounds, leads },
    stage,
    restrictions,
    found,
    guidance,
    rates,
    new Random(seed),
    after,
  );
  return whole(noWorse((assignment) => stageShortfall(rules, stage, assignment), last, found)!);
}

/** The last assignment, if it may be reported and misses no more than what was found before. */
function noWorse(
  judged: (assignment: StageAssignment) => number | null,
  last: StageAssignment,
  found: StageAssignment | null,
): StageAssignment | null {
  const shortfall = judged(last);
  return shortfall !== null && (found === null || shortfall <= judged(found)!) ? last : found;
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

/** Of what searches of a stage found the best, in the order of `betterOf`; null = none found anything. */
export function bestFound(
  rules: StageRules,
  stage: Stage,
  found: readonly (StageAssignment | null)[],
): StageAssignment | null {
  const shortfall = (assignment: StageAssignment): number => stageShortfall(rules, stage, assignment)!;
  const value = (assignment: StageAssignment): number => stageObjective(stage, assignment);
  return found.reduce((a, b) => betterOf(a, b, shortfall, value));
}

/** Of two assignments the one with the smaller shortfall, then of the higher value, then the first. */
function betterOf<T>(
  a: T | null,
  b: T | null,
  shortfall: (assignment: T) => number,
  value: (assignment: T) => number,
): T | null {
  if (a === null || b === null) return a ?? b;
  const less = shortfall(a) - shortfall(b);
  return less < 0 || (less === 0 && value(a) >= value(b)) ? a : b;
}
