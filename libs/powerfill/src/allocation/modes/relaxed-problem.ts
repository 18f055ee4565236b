import { type Highs } from 'highs';
import { type BoundConditions, lagrangianBound, WEIGHT_SCALE } from '../bound/lagrangian-bound';
import { type Checkpoint } from '../checkpoint';
import { compositionBound } from '../compositions/composition-bound';
import { type Compositions, relaxByCompositions } from '../compositions/compositions';
import { compositionsFor } from '../effort';
import { type Problem } from '../problem/problem';
import { type Multipliers, solveRestrictedLp } from '../relaxation/restricted-lp';
import { relaxationWithoutMinimums } from '../relaxation/without-minimums';
import { type Assignment, lockedValue, totalPairOff } from '../stage/assignment';
import { type Conditions, shortfallUnder, withoutMinimums } from '../stage/conditions';
import { type PossibleStage, possibleStage } from '../stage/possible-options';
import { wholeStage } from '../stage/stage';
import { withTieBreaks } from '../stage/tie-breaks';
import { type RelaxedStage } from './relaxed-stage';

/** How far below the best bound the steps of the compositions aim, share of UPB. */
const LEAD_SHARE = 0.5e-4;

/** The relaxations of a whole problem: what its searches are led by, and what bounds them. */
export interface RelaxedProblem {
  /** As offered, without tie-breaks: what bounds are proven on. */
  readonly plain: PossibleStage;
  readonly whole: RelaxedStage;
  /** Null where the relaxation by compositions would not pay. */
  readonly compositions: Compositions | null;
  /** What a search comes up against, cents; not certified. */
  readonly nearBound: number;
}

/** Relaxes a whole problem under its conditions; null: proven infeasible. */
export function relaxProblem(
  problem: Problem,
  conditions: Conditions,
  highs: Highs,
  checkpoint: Checkpoint,
): RelaxedProblem | null {
  const plain = possibleStage(problem, conditions, wholeStage(problem), problem.loans.lockedTo, checkpoint);
  if (plain === null) return null;
  const { restrictions } = plain;
  const stage = withTieBreaks(problem, plain.stage, null);
  const strict = solveRestrictedLp(highs, stage, restrictions, checkpoint);
  const lp = strict ?? relaxationWithoutMinimums(problem, conditions, stage, restrictions, highs, checkpoint);
  if (lp === null) return null;
  const budget = strict && compositionsFor(problem.options.effort, problem.candidates.count, stage.tradeCount);
  const lead = LEAD_SHARE * problem.loans.upb;
  const compositions = budget && relaxByCompositions(plain.stage, restrictions, lp, lead, budget, checkpoint);
  return {
    plain,
    whole: { stage, restrictions, lp, leads: compositions?.leads ?? null },
    compositions,
    nearBound: Math.min(
      linearBound(problem, conditions, plain, lp),
      compositions ? compositions.bound + lockedValue(problem) : Infinity,
    ),
  };
}

/**
 * Bound on the objective, in exact arithmetic, by the tighter of the relaxations.
 *
 * @param assignment the best found: where it misses minimums, others may that earn more by it, and the bound is one
 *   without them
 * @returns cents
 */
export function provenBound(
  problem: Problem,
  conditions: Conditions,
  { plain, whole, compositions }: RelaxedProblem,
  assignment: Assignment | null,
  checkpoint: () => void,
): number {
  const met = assignment !== null && shortfallUnder(problem, conditions, assignment.candidate) === 0;
  const under = met || !conditions.relaxed ? conditions : withoutMinimums(conditions);
  const linear = linearBound(problem, under, plain, whole.lp);
  if (!met || compositions === null) return linear;
  return Math.min(linear, compositionBound(problem, conditions, plain, compositions, checkpoint));
}

function linearBound(
  problem: Problem,
  conditions: Conditions,
  { restrictions, possible }: PossibleStage,
  { price, rowPrice }: Omit<Multipliers, 'weight'>,
): number {
  const level = {
    firstClass: 0,
    lastClass: problem.candidates.classPriority.length,
    weight: WEIGHT_SCALE,
    achieved: 0,
    price,
  };
  const kept = new Set(conditions.rows);
  const bound: BoundConditions = {
    rows: restrictions.source.map((row, r) => ({ row, price: rowPrice[r]! })).filter(({ row }) => kept.has(row)),
    mustPlace: conditions.mustPlace,
    mustReach: conditions.mustReach,
    possible,
  };
  return lagrangianBound(problem, [level], bound) - totalPairOff(problem, problem.trades.lockedFill);
}
