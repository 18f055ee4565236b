import { type Highs } from 'highs';
import { type Assignment, lockedAssignment, totalPairOff, withStage } from './assignment';
import { type Checkpoint } from './checkpoint';
import { type Conditions, judgeConditions } from './conditions';
import { constructFromRelaxation } from './construct';
import { type BoundConditions, lagrangianBound, WEIGHT_SCALE } from './lagrangian-bound';
import { type Problem } from './problem';
import { Random } from './random';
import { type RestrictedLp, solveRestrictedLp } from './restricted-lp';
import { restrictedSearch } from './restricted-search';
import { restrict, type Restrictions } from './restrictions';
import { buildStage, reducedValues, type Stage, type StageAssignment } from './stage';
import { NEAR_TIE_SHARE, type StageCheckpoints, TEMPERATURE_SHARE } from './stage-solve';

/** Penalties of the search: per cent of a missed condition, at least this share of a cent. */
const LEAST_PENALTY = 0.01;
/** ... and this many times the multiplier of the relaxation. */
const PENALTY_OVER_PRICE = 3;
const REACH_PENALTY = 0.05;

export interface RestrictedResult {
  /** Null: none found. */
  readonly assignment: Assignment | null;
  readonly upperBound: number;
  readonly price: Float64Array;
  /** Per limit, in the units of `LimitResult.shadowPrice`. */
  readonly limitPrice: Float64Array;
  readonly moves: number;
}

/** Maximises the whole objective under limits and minimums; null: proven infeasible. */
export function solveRestricted(
  problem: Problem,
  conditions: Conditions,
  highs: Highs,
  moves: number,
  checkpoints: StageCheckpoints,
): RestrictedResult | null {
  const locked = lockedAssignment(problem);
  const stage = wholeStage(problem);
  const hard = conditions.relaxed ? withoutMinimums(conditions) : conditions;
  const restrictions = restrict(problem, conditions, stage, locked.candidate, () => true);
  checkpoints.bound(0);
  let lp = solveRestrictedLp(highs, stage, restrictions);
  if (lp === null) {
    if (!conditions.relaxed) return null;
    lp = solveRestrictedLp(
      highs,
      stage,
      restrict(problem, hard, stage, locked.candidate, () => true),
    );
    if (lp === null) return null;
    lp = { ...lp, rowPrice: new Float64Array(restrictions.rowCount) };
  }
  const found = searchStage(problem, conditions, stage, restrictions, lp, locked, moves, checkpoints.search);
  const relaxedBound = boundOf(problem, conditions.relaxed ? hard : conditions, restrictions, lp);
  return {
    assignment: found,
    upperBound: relaxedBound - totalPairOff(problem, locked.fill),
    price: lp.price,
    limitPrice: limitPrices(problem, restrictions, lp),
    moves,
  };
}

/** Whether the linear relaxation of the whole problem has a feasible point under these conditions. */
export function isRelaxationFeasible(problem: Problem, conditions: Conditions, highs: Highs): boolean {
  const stage = wholeStage(problem);
  const restrictions = restrict(problem, conditions, stage, problem.loans.lockedTo, () => true);
  if (!meetsUntouchedRows(problem, conditions)) return false;
  return solveRestrictedLp(highs, stage, restrictions) !== null;
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

function wholeStage(problem: Problem): Stage {
  return buildStage(
    problem,
    problem.trades.lockedFill,
    (i) => problem.loans.lockedTo[i]! < 0,
    () => true,
  );
}

/** The conditions that hold even where minimums may be missed. */
function withoutMinimums(conditions: Conditions): Conditions {
  return {
    ...conditions,
    rows: conditions.rows.filter((row) => !row.endOnly),
    mustReach: new Float64Array(conditions.mustReach.length),
  };
}

function searchStage(
  problem: Problem,
  conditions: Conditions,
  stage: Stage,
  restrictions: Restrictions,
  lp: RestrictedLp,
  locked: Assignment,
  moves: number,
  checkpoint: Checkpoint,
): Assignment | null {
  const guide = reducedValues(stage, lp.price, rowCharges(stage, restrictions, lp));
  const start = closeHopelessTrades(stage, restrictions, lp, constructFromRelaxation(stage, lp.flow, guide));
  const mean = stage.amount.reduce((sum, a) => sum + a, 0) / Math.max(1, stage.amount.length);
  const size = new Float64Array(restrictions.rowCount);
  const weight = new Float64Array(restrictions.rowCount);
  for (let s = 0; s < stage.loans.length; s++)
    for (let o = stage.start[s]!; o < stage.start[s + 1]!; o++)
      for (let n = restrictions.start[o]!; n < restrictions.start[o + 1]!; n++) {
        size[restrictions.row[n]!]! += Math.abs(restrictions.coefficient[n]!);
        weight[restrictions.row[n]!]! += stage.amount[s]!;
      }
  const rates = {
    row: size.map((sum, r) => lp.rowPrice[r]! * PENALTY_OVER_PRICE + (LEAST_PENALTY * weight[r]!) / Math.max(1, sum)),
    reach: REACH_PENALTY,
  };
  const largest = stage.net.reduce((top, v) => Math.max(top, Math.abs(v)), 0);
  const found = restrictedSearch(
    stage,
    restrictions,
    start,
    guide,
    rates,
    largest + mean,
    { moves, temperature: mean * TEMPERATURE_SHARE, nearTie: mean * NEAR_TIE_SHARE * 3 },
    new Random(problem.options.seed),
    (assignment) => {
      const verdict = judgeConditions(problem, conditions, withStage(locked, stage, assignment).candidate);
      return verdict.broken === null ? verdict.shortfall : null;
    },
    checkpoint,
  );
  return found === null ? null : withStage(locked, stage, found);
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

/** What the multipliers of the rows charge each option, cents. */
function rowCharges(stage: Stage, { start, row, coefficient }: Restrictions, lp: RestrictedLp): Float64Array {
  const charge = new Float64Array(stage.net.length);
  for (let o = 0; o < stage.net.length; o++)
    for (let n = start[o]!; n < start[o + 1]!; n++) charge[o]! += lp.rowPrice[row[n]!]! * coefficient[n]!;
  return charge;
}

function boundOf(problem: Problem, conditions: Conditions, restrictions: Restrictions, lp: RestrictedLp): number {
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
  };
  return lagrangianBound(problem, [level], bound);
}

/** Multipliers of the rows in the units of the result: 1e-8 point per dollar, or cents per loan; of a min negative. */
function limitPrices(problem: Problem, restrictions: Restrictions, lp: RestrictedLp): Float64Array {
  const prices = new Float64Array(problem.limits.length);
  restrictions.source.forEach((row, r) => {
    const limit = problem.limits[row.limit]!;
    const perUnit = lp.rowPrice[r]! * row.unit * (row.side === 'max' ? 1 : -1);
    prices[row.limit]! += limit.kind === 'count' || limit.kind === 'count_share' ? perUnit : perUnit * 1e10;
  });
  return prices;
}
