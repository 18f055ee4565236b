import { type Assignment, withStage } from '../stage/assignment';
import { type Checkpoint } from '../checkpoint';
import { type Polish, polished } from '../polish/polish';
import { Random } from '../random';
import { type RelaxedStage } from './relaxed-stage';
import { type RestrictedBudget, attemptsOf, searchBudget, searchSetting, unitWeights } from './search-setting';
import { type SearchSetting, type StageRules, stageShortfall } from '../search/seeded-search';
import { isSmallStage, solveSmallStage } from '../polish/small-stage';
import { type Stage, type StageAssignment, stageObjective } from '../stage/stage';

/** Share of the work before what follows the local search, for progress. */
export const SEARCH_SHARE = 0.5;
/** `RestrictedBudget.attempts` where nothing may take the place of what is not found. */
export const ATTEMPTS = 3;
/** Cents per cent anything is missed by where a stage is solved as one program: far more than all it could earn. */
const DEAR = 100;

/** What searches of a stage came to. */
export interface StageSearch {
  /** What was placed already included; null = none found that may be reported. */
  readonly assignment: Assignment | null;
  /** Moves of all searches. */
  readonly moves: number;
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
 */
export function searchRestrictedStage(
  relaxed: RelaxedStage,
  rules: StageRules,
  budget: RestrictedBudget,
  seed: number,
  checkpoint: Checkpoint,
  polish: RestrictedPolish,
): StageSearch {
  const { stage, restrictions } = relaxed;
  const attempts = attemptsOf(stage, budget, restrictions.relaxed);
  const setting = searchSetting(relaxed, rules);
  const { start, rates } = setting;
  const judged = (assignment: StageAssignment): number | null => stageShortfall(rules, stage, assignment);
  const settings = attempts.map(({ moves }) => ({ ...setting, budget: searchBudget(stage, moves) }));
  const searches = polish.crew.take('search', settings, polish.highs);
  let found: StageAssignment | null = null;
  let done = 0;
  for (let attempt = 0; attempt < attempts.length && found === null; attempt++) {
    const { count, moves } = attempts[attempt]!;
    done += count * moves;
    const tasks = Array.from({ length: count }, (_, n) => ({ of: attempt, seed: seed + attempt * count + n }));
    found = bestFound(
      rules,
      stage,
      searches.run(tasks, (share) => checkpoint(SEARCH_SHARE * share)),
    );
  }
  if (isSmallStage(stage)) {
    const weights = unitWeights(stage, restrictions);
    const dear = { row: weights.map((weight) => DEAR * weight), reach: DEAR, out: DEAR * rates.out };
    const solved = solveSmallStage(polish.highs, stage, restrictions, dear, found ?? start, checkpoint);
    const best = noWorse(judged, solved, found);
    return { assignment: best && withStage(rules.fixed, stage, best), moves: done };
  }
  const assignment = found && polishedFrom(setting, relaxed, found, seed, checkpoint, polish);
  return { assignment, moves: done };
}

/**
 * What follows the local search of a stage that is not small.
 *
 * @param found where to start: may be reported
 * @returns an assignment no worse, what was placed already included
 */
export function polishedFrom(
  { stage, restrictions, rules, guide, rates }: Omit<SearchSetting, 'budget'>,
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
