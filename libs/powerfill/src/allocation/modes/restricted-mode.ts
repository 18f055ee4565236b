import { type Compositions } from '../compositions/compositions';
import { type Engines } from '../crew';
import { type DiveBudget, divesFor, EXCHANGES, restrictedNeighbourhoodsFor, restrictedSubProblemsFor } from '../effort';
import { type Problem } from '../problem/problem';
import { limitPrices } from '../relaxation/limit-prices';
import { optionWorths } from '../relaxation/option-worths';
import { type Assignment, lockedAssignment, objectiveOf } from '../stage/assignment';
import { type Conditions } from '../stage/conditions';
import { oneLevel } from '../stage/level-terms';
import { searchCores } from './core-search';
import { coresOf } from './core-stage';
import { provenBound, relaxProblem } from './relaxed-problem';
import { type RelaxedStage } from './relaxed-stage';
import { ATTEMPTS, type RestrictedPolish, searchRestrictedStage, type StageSearch } from './restricted-stage';
import { movesOfLoan } from './search-setting';
import { type StageCheckpoints } from './stage-solve';

export interface RestrictedResult {
  /** Null: none found. */
  readonly assignment: Assignment | null;
  readonly upperBound: number;
  readonly price: Float64Array;
  /** Per limit, in the units of `LimitResult.shadowPrice`. */
  readonly limitPrice: Float64Array;
  readonly moves: number;
  /** What each candidate is worth at the multipliers of the relaxation, cents; 0 where it is ruled out. */
  readonly worth: Float64Array;
}

/** Maximises the whole objective under limits and minimums; null: proven infeasible. */
export function solveRestricted(
  problem: Problem,
  conditions: Conditions,
  engines: Engines,
  moves: number,
  checkpoints: StageCheckpoints,
): RestrictedResult | null {
  if (!conditions.relaxed) return solveUnder(problem, conditions, engines, moves, ATTEMPTS, checkpoints);
  // Minimums that need not be missed are met best by a search that may miss them only on its way.
  const met = solveUnder(problem, { ...conditions, relaxed: false }, engines, moves, 1, checkpoints);
  if (met?.assignment) return met;
  const missed = solveUnder(problem, conditions, engines, moves, ATTEMPTS, checkpoints);
  return missed && { ...missed, moves: missed.moves + (met?.moves ?? 0) };
}

function solveUnder(
  problem: Problem,
  conditions: Conditions,
  engines: Engines,
  moves: number,
  attempts: number,
  checkpoints: StageCheckpoints,
): RestrictedResult | null {
  const relaxed = relaxProblem(problem, conditions, engines.highs, checkpoints.bound);
  if (relaxed === null) return null;
  const { seed, effort } = problem.options;
  const { count } = problem.candidates;
  const { whole, compositions } = relaxed;
  const fixed = lockedAssignment(problem);
  const rules = { problem, conditions, fixed };
  const polish: RestrictedPolish = {
    ...engines,
    exchanges: EXCHANGES[effort],
    subProblems: restrictedSubProblemsFor(effort),
    rounds: (assignment) => {
      const gap = relaxed.nearBound - objectiveOf(problem, assignment);
      return restrictedNeighbourhoodsFor(effort, count, (gap / problem.loans.upb) * 10_000);
    },
  };
  const ofCores = (budget: DiveBudget, leading: Compositions): StageSearch => {
    const movesOfOne = movesOfLoan(whole.stage, budget.moves);
    const cores = coresOf(rules, whole, leading, movesOfOne, engines.highs, checkpoints.bound);
    return searchCores(cores, rules, budget, seed, checkpoints.search, polish);
  };
  const budget = divesFor(effort, count, moves);
  const cored = budget && compositions && ofCores(budget, compositions);
  const searched = cored?.assignment
    ? null
    : searchRestrictedStage(
        whole,
        rules,
        { moves, shared: effort !== 'interactive', attempts },
        seed,
        checkpoints.search,
        polish,
      );
  const found = cored?.assignment ?? searched?.assignment ?? null;
  return {
    assignment: found,
    upperBound: provenBound(problem, conditions, relaxed, found, () => checkpoints.search(1)),
    price: whole.lp.price,
    limitPrice: limitPrices(problem, whole.restrictions, whole.lp),
    moves: (cored?.moves ?? 0) + (searched?.moves ?? 0),
    worth: candidateWorths(problem, whole),
  };
}

function candidateWorths(problem: Problem, { stage, restrictions, lp }: RelaxedStage): Float64Array {
  const worth = new Float64Array(problem.candidates.count);
  optionWorths(stage, restrictions, oneLevel(stage), lp).forEach((value, o) => (worth[stage.candidate[o]!] = value));
  return worth;
}
