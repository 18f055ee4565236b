import { type Assignment, withStage } from '../stage/assignment';
import { type Checkpoint } from '../checkpoint';
import { dive, type DiveStart } from '../compositions/composition-dive';
import { type Conditions, shortfallUnder } from '../stage/conditions';
import { type SearchBudget } from './local-search';
import { type PenaltyRates } from './penalties';
import { type Problem } from '../problem/problem';
import { Random } from '../random';
import { restrictedSearch } from './restricted-search';
import { type Restrictions } from '../stage/restrictions';
import { type Stage, type StageAssignment } from '../stage/stage';

/** What an assignment of a stage is judged by: with what is placed already, under these conditions. */
export interface StageRules {
  readonly problem: Problem;
  readonly conditions: Conditions;
  readonly fixed: Assignment;
}

/** Exact shortfall of relaxed minimums, cents, or null when the assignment may not be reported. */
export function stageShortfall(
  { problem, conditions, fixed }: StageRules,
  stage: Stage,
  assignment: StageAssignment,
): number | null {
  return shortfallUnder(problem, conditions, withStage(fixed, stage, assignment).candidate);
}

/** What the searches of a stage share that start alike, each with a seed of its own. */
export interface SearchSetting {
  readonly stage: Stage;
  readonly restrictions: Restrictions;
  readonly rules: StageRules;
  /** An assignment, or where each search starts with a dive of its own. */
  readonly start: StageAssignment | DiveStart;
  /** Reduced value of each stage option at the multipliers of the relaxation, cents. */
  readonly guide: Float64Array;
  readonly rates: PenaltyRates;
  readonly budget: SearchBudget;
}

/** Share of the work of a search that its dive takes, for progress. */
const DIVE_SHARE = 0.4;

/** One search of a stage; null = it met no assignment that may be reported. */
export function searchFrom(
  { stage, restrictions, rules, start, guide, rates, budget }: SearchSetting,
  seed: number,
  checkpoint: Checkpoint,
): StageAssignment | null {
  const random = new Random(seed);
  const judge = (assignment: StageAssignment): number | null => stageShortfall(rules, stage, assignment);
  const search = (from: StageAssignment, progress: Checkpoint): StageAssignment | null =>
    restrictedSearch(stage, restrictions, from, guide, rates, budget, random, judge, progress);
  if ('option' in start) return search(start, checkpoint);
  const dived = dive(stage, restrictions, start, random, (done) => checkpoint(DIVE_SHARE * done));
  return search(dived, (done) => checkpoint(DIVE_SHARE + (1 - DIVE_SHARE) * done));
}
