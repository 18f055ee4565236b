import { type Highs } from 'highs';
import { type Assignment, lockedAssignment, lockedValue, objectiveOf, totalPairOff } from '../stage/assignment';
import { type Checkpoint } from '../checkpoint';
import { type Conditions, shortfallUnder, withoutMinimums } from '../stage/conditions';
import { compositionBound } from '../compositions/composition-bound';
import { relaxByCompositions } from '../compositions/compositions';
import { type Engines } from '../crew';
import { compositionsFor, divesFor, EXCHANGES, restrictedNeighbourhoodsFor, restrictedSubProblemsFor } from '../effort';
import { type BoundConditions, lagrangianBound, WEIGHT_SCALE } from '../bound/lagrangian-bound';
import { optionWorths } from '../relaxation/option-worths';
import { type Problem } from '../problem/problem';
import { type PossibleStage, possibleStage } from '../stage/possible-options';
import { withTieBreaks } from '../stage/tie-breaks';
import { oneLevel } from '../stage/level-terms';
import { type RestrictedLp, solveRestrictedLp } from '../relaxation/restricted-lp';
import { searchCores } from './core-search';
import { coresOf } from './core-stage';
import { ATTEMPTS, type RestrictedPolish, searchRestrictedStage } from './restricted-stage';
import { restrict, type Restrictions } from '../stage/restrictions';
import { movesOfLoan } from './search-setting';
import { type Stage, wholeStage } from '../stage/stage';
import { type StageCheckpoints } from './stage-solve';

/** How far below the best bound the steps of the compositions aim, share of UPB. */
const LEAD_SHARE = 0.5e-4;

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
  return met?.assignment ? met : solveUnder(problem, conditions, engines, moves, ATTEMPTS, checkpoints);
}

function solveUnder(
  problem: Problem,
  conditions: Conditions,
  engines: Engines,
  moves: number,
  attempts: number,
  checkpoints: StageCheckpoints,
): RestrictedResult | null {
  const { highs } = engines;
  const locked = lockedAssignment(problem);
  const hard = conditions.relaxed ? withoutMinimums(conditions) : conditions;
  const left = possibleStage(problem, conditions, wholeStage(problem), locked.candidate, checkpoints.bound);
  if (left === null) return null;
  const { restrictions } = left;
  const stage = withTieBreaks(problem, left.stage, null);
  const strict = solveRestrictedLp(highs, stage, restrictions, checkpoints.bound);
  const lp = strict ?? relaxationWithoutMinimums(problem, conditions, stage, restrictions, highs, checkpoints.bound);
  if (lp === null) return null;
  const { seed, effort } = problem.options;
  const boundUnder = (under: Conditions): number =>
    boundOf(problem, under, left, lp) - totalPairOff(problem, locked.fill);
  const { count } = problem.candidates;
  const steps = strict && compositionsFor(effort, count, stage.tradeCount);
  const lead = LEAD_SHARE * problem.loans.upb;
  const compositions = steps && relaxByCompositions(left.stage, restrictions, lp, lead, steps, checkpoints.bound);
  const nearBound = Math.min(
    boundUnder(conditions),
    compositions ? compositions.bound + lockedValue(problem) : Infinity,
  );
  const gapBp = (assignment: Assignment): number =>
    ((nearBound - objectiveOf(problem, assignment)) / problem.loans.upb) * 10_000;
  const polish: RestrictedPolish = {
    ...engines,
    exchanges: EXCHANGES[effort],
    subProblems: restrictedSubProblemsFor(effort),
    rounds: (assignment) => restrictedNeighbourhoodsFor(effort, count, gapBp(assignment)),
  };
  const rules = { problem, conditions, fixed: locked };
  const whole = { stage, restrictions, lp, leads: compositions?.leads ?? null };
  const budget = divesFor(effort, count, moves);
  const cores =
    compositions && budget
      ? coresOf(
          problem,
          conditions,
          whole,
          locked.candidate,
          compositions,
          movesOfLoan(stage, budget.moves),
          highs,
          checkpoints.bound,
        )
      : [];
  const provenFor = (assignment: Assignment | null): number => {
    const met = assignment !== null && shortfallUnder(problem, conditions, assignment.candidate) === 0;
    const linear = boundUnder(met || !conditions.relaxed ? conditions : hard);
    if (!met || compositions === null) return linear;
    return Math.min(
      linear,
      compositionBound(problem, conditions, left, compositions, () => checkpoints.search(1)),
    );
  };
  const found =
    (budget && searchCores(cores, rules, budget, seed, checkpoints.search, polish)) ??
    searchRestrictedStage(whole, rules, { moves, attempts }, seed, checkpoints.search, polish);
  return {
    assignment: found,
    upperBound: provenFor(found),
    price: lp.price,
    limitPrice: limitPrices(problem, restrictions, lp),
    moves,
    worth: candidateWorths(problem, stage, restrictions, lp),
  };
}

/** Where minimums may be missed and must be: the linear relaxation without them, at which rows cost nothing. */
function relaxationWithoutMinimums(
  problem: Problem,
  conditions: Conditions,
  stage: Stage,
  restrictions: Restrictions,
  highs: Highs,
  checkpoint: Checkpoint,
): RestrictedLp | null {
  if (!conditions.relaxed) return null;
  const without = restrict(problem, withoutMinimums(conditions), stage, problem.loans.lockedTo);
  const lp = solveRestrictedLp(highs, stage, without, checkpoint);
  return lp && { ...lp, rowPrice: new Float64Array(restrictions.rowCount) };
}

function candidateWorths(problem: Problem, stage: Stage, restrictions: Restrictions, lp: RestrictedLp): Float64Array {
  const worth = new Float64Array(problem.candidates.count);
  optionWorths(stage, restrictions, oneLevel(stage), lp).forEach((value, o) => (worth[stage.candidate[o]!] = value));
  return worth;
}

/** Whether the linear relaxation of the whole problem has a feasible point under these conditions. */
export function isRelaxationFeasible(
  problem: Problem,
  conditions: Conditions,
  highs: Highs,
  checkpoint: Checkpoint,
): boolean {
  if (!meetsUntouchedRows(problem, conditions)) return false;
  const left = possibleStage(problem, conditions, wholeStage(problem), problem.loans.lockedTo, checkpoint);
  return left !== null && solveRestrictedLp(highs, left.stage, left.restrictions, checkpoint) !== null;
}

/** Whether the rows no free candidate counts in hold, and every loan that must be placed has a candidate. */
export function meetsUntouchedRows(problem: Problem, conditions: Conditions): boolean {
  const { loans, candidates } = problem;
  for (let i = 0; i < loans.count; i++)
    if (conditions.mustPlace[i] === 1 && candidates.start[i] === candidates.start[i + 1]) return false;
  return conditions.rows.every((row) => {
    if (conditions.relaxed && row.endOnly) return true;
    let sum = 0n;
    for (let n = 0; n < row.candidates.length; n++) {
      const c = row.candidates[n]!;
      const locked = loans.lockedTo[candidates.loan[c]!]!;
      if (locked < 0) return true;
      if (locked === c) sum += row.coefficients[n]!;
    }
    return sum <= row.bound;
  });
}

function boundOf(
  problem: Problem,
  conditions: Conditions,
  { restrictions, possible }: PossibleStage,
  lp: RestrictedLp,
): number {
  const level = {
    firstClass: 0,
    lastClass: problem.candidates.classPriority.length,
    weight: WEIGHT_SCALE,
    achieved: 0,
    price: lp.price,
  };
  const kept = new Set(conditions.rows);
  const bound: BoundConditions = {
    rows: restrictions.source.map((row, r) => ({ row, price: lp.rowPrice[r]! })).filter(({ row }) => kept.has(row)),
    mustPlace: conditions.mustPlace,
    mustReach: conditions.mustReach,
    possible,
  };
  return lagrangianBound(problem, [level], bound);
}

/** Multipliers of the rows in the units of the result: 1e-8 point per dollar, or cents per loan; of a min negative. */
export function limitPrices(problem: Problem, restrictions: Restrictions, lp: RestrictedLp): Float64Array {
  const prices = new Float64Array(problem.limits.length);
  restrictions.source.forEach((row, r) => {
    const limit = problem.limits[row.limit]!;
    const perUnit = lp.rowPrice[r]! * row.unit * (row.side === 'max' ? 1 : -1);
    prices[row.limit]! += limit.kind === 'count' || limit.kind === 'count_share' ? perUnit : perUnit * 1e10;
  });
  return prices;
}
