import { type Highs } from 'highs';
import { type Assignment, classValues, netValue } from '../stage/assignment';
import { type Checkpoint } from '../checkpoint';
import { type Conditions, judgeConditions, withoutMinimums } from '../stage/conditions';
import { type BoundLevel, lagrangianBound, WEIGHT_SCALE } from './lagrangian-bound';
import { type LevelTerms } from '../stage/level-terms';
import { pairOff } from '../problem/pair-off';
import { type LimitRow } from '../problem/limit-rows';
import { type Problem } from '../problem/problem';
import { type Multipliers, type RestrictedLp, solveRestrictedLp } from '../relaxation/restricted-lp';
import { restrict, rowUpTo } from '../stage/restrictions';
import { buildStage, type Stage } from '../stage/stage';

export interface ClassCertificate {
  /** V_k, cents. */
  readonly value: number;
  /** Bound on V_k while the earlier classes keep at least their V, cents. */
  readonly upperBound: number;
}

/** A bound this near its value, as a share of the UPB of all loans, is not sharpened: 0.0001 bp. */
const NEAR_ENOUGH = 1e-8;
/**
 * Stages with more options are bounded at two guesses alone, the weights of the class before and equal ones: the rows of
 * the earlier classes are dense, and HiGHS would take minutes.
 */
const MOST_SHARPENED = 100_000;

/**
 * V_k and its bound for every class of an assignment: over all assignments that keep the conditions that hold after the
 * class, and in which each earlier class keeps at least its value. Each bound is the relaxation's, whose multipliers
 * weigh the earlier classes' values; the weights of one class are the guess for the next.
 *
 * @param rowPrices per class a guess at the price of rows of the conditions: what its own search went by
 */
export function certifyClasses(
  problem: Problem,
  conditions: Conditions,
  assignment: Assignment,
  rowPrices: readonly ReadonlyMap<LimitRow, number>[],
  highs: Highs,
  checkpoint: Checkpoint,
): ClassCertificate[] {
  const values = classValues(problem, assignment.candidate);
  const met = judgeConditions(problem, conditions, assignment.candidate).shortfall === 0;
  const early = { ...withoutMinimums(conditions), mustPlace: new Uint8Array(problem.loans.count) };
  const atEnd = met || !conditions.relaxed ? conditions : { ...withoutMinimums(conditions), relaxed: false };
  const weights: number[] = [];
  return values.map((value, k) => {
    const own = k === values.length - 1 ? atEnd : early;
    const found = classBound(
      problem,
      own,
      k,
      values,
      assignment,
      { weights, rowPrices: rowPrices[k]! },
      highs,
      (done) => checkpoint((k + done) / values.length),
    );
    return { value, upperBound: Math.max(value, found) };
  });
}

/** Weight per earlier class, updated for the next class, and price per row of the conditions. */
interface Guess {
  readonly weights: number[];
  readonly rowPrices: ReadonlyMap<LimitRow, number>;
}

function classBound(
  problem: Problem,
  conditions: Conditions,
  k: number,
  values: readonly number[],
  assignment: Assignment,
  guess: Guess,
  highs: Highs,
  checkpoint: Checkpoint,
): number {
  const { loans, trades, candidates } = problem;
  const stage = buildStage(
    problem,
    trades.lockedFill,
    (loan) => loans.lockedTo[loan]! < 0,
    (candidate) => candidates.priorityClass[candidate]! <= k,
  );
  const rows = conditions.rows.map((row) => rowUpTo(problem, row, k));
  const restrictions = restrict(problem, { ...conditions, rows }, stage, loans.lockedTo);
  const boundAt = (multipliers: Multipliers): number =>
    lagrangianBound(problem, boundLevels(k, values, multipliers), {
      rows: restrictions.source.map((row, r) => ({ row, price: multipliers.rowPrice[r]! })),
      mustPlace: conditions.mustPlace,
      mustReach: conditions.mustReach,
    });
  let least = Infinity;
  const near = values[k]! + loans.upb * NEAR_ENOUGH;
  const rowPrice = Float64Array.from(
    restrictions.source,
    (row) => guess.rowPrices.get(conditions.rows[rows.indexOf(row)]!) ?? 0,
  );
  const levels = levelTerms(problem, stage, k, assignment);
  const isLarge = stage.net.length > MOST_SHARPENED;
  const solveFrom = (weight: Float64Array): RestrictedLp | null =>
    solveRestrictedLp(highs, stage, restrictions, checkpoint, {
      levels,
      guess: { rowPrice, weight },
      isEnough: (multipliers) => {
        least = Math.min(least, boundAt(multipliers));
        return isLarge || least <= near;
      },
    });
  const equal = new Float64Array(k + 1).fill(1);
  const solved = solveFrom(equal.map((one, l) => guess.weights[l] ?? one));
  if (isLarge) {
    if (least > near) solveFrom(equal);
    return least;
  }
  if (solved === null)
    return Math.min(least, boundAt({ rowPrice, weight: equal, price: new Float64Array(trades.count) }));
  solved.weight.forEach((weight, l) => (guess.weights[l] = weight));
  return Math.min(least, boundAt(solved));
}

function boundLevels(k: number, values: readonly number[], { weight, price }: Multipliers): BoundLevel[] {
  return Array.from({ length: k + 1 }, (_, l) => ({
    firstClass: l,
    lastClass: l,
    weight: l === k ? WEIGHT_SCALE : Math.round(weight[l]! * WEIGHT_SCALE),
    achieved: values[l]!,
    price,
  }));
}

/**
 * Classes 0 .. k as levels. A trade's pair-off counts in the first class that may use it, and what each class must keep
 * is counted likewise, so that the assignment itself keeps it; most trades belong to one class.
 */
function levelTerms(problem: Problem, stage: Stage, k: number, assignment: Assignment): LevelTerms {
  const { loans, trades, candidates } = problem;
  const first = new Int32Array(trades.count).fill(-1);
  for (let c = 0; c < candidates.count; c++) {
    const own = candidates.priorityClass[c]!;
    const j = candidates.trade[c]!;
    if (own <= k && (first[j]! < 0 || own < first[j]!)) first[j] = own;
  }
  const least = new Float64Array(k + 1);
  const fill = trades.lockedFill.slice();
  assignment.candidate.forEach((c, i) => {
    if (c < 0 || loans.lockedTo[i] === c || candidates.priorityClass[c]! > k) return;
    least[candidates.priorityClass[c]!]! += netValue(problem, c);
    fill[candidates.trade[c]!]! += loans.amount[i]!;
  });
  for (let j = 0; j < trades.count; j++)
    if (first[j]! >= 0) least[first[j]!]! += pairOff(trades, j, trades.lockedFill[j]!) - pairOff(trades, j, fill[j]!);
  return {
    ofOption: Int32Array.from(stage.candidate, (c) => candidates.priorityClass[c]!),
    ofTrade: first.map((level) => (level < 0 ? k : level)),
    least: least.slice(0, k),
  };
}
