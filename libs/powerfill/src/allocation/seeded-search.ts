import { type Assignment, withStage } from './assignment';
import { type Checkpoint } from './checkpoint';
import { type Conditions, shortfallUnder } from './conditions';
import { type SearchBudget } from './local-search';
import { type PenaltyRates } from './penalties';
import { type Problem } from './problem';
import { Random } from './random';
import { restrictedSearch } from './restricted-search';
import { type Restrictions } from './restrictions';
import { type Stage, type StageAssignment } from './stage';

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
  readonly start: StageAssignment;
  /** Reduced value of each stage option at the multipliers of the relaxation, cents. */
  readonly guide: Float64Array;
  readonly rates: PenaltyRates;
  readonly budget: SearchBudget;
}

/** One search of a stage; null = it met no assignment that may be reported. */
export function searchFrom(
  { stage, restrictions, rules, start, guide, rates, budget }: SearchSetting,
  seed: number,
  checkpoint: Checkpoint,
): StageAssignment | null {
  const judge = (assignment: StageAssignment): number | null => stageShortfall(rules, stage, assignment);
  return restrictedSearch(stage, restrictions, start, guide, rates, budget, new Random(seed), judge, checkpoint);
}
