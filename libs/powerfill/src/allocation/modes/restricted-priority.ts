import { type Highs } from 'highs';
import { type Assignment, classValues, lockedAssignment, withStage } from '../stage/assignment';
import { type ClassCertificate, certifyClasses } from '../bound/class-bound';
import { type Conditions, judgeConditions, levelCount, withoutMinimums } from '../stage/conditions';
import { SOLO } from '../crew';
import {
  type ExchangeBudget,
  EXCHANGES,
  exchangesForShare,
  movesForShare,
  nodesFor,
  restrictedMovesFor,
  SUB_PROBLEMS,
} from '../effort';
import { type ModeResult } from './global-mode';
import { type Polish } from '../polish/polish';
import { type LimitRow } from '../problem/limit-rows';
import { type Problem } from '../problem/problem';
import { possibleStage } from '../stage/possible-options';
import { limitPrices } from '../relaxation/limit-prices';
import { relaxationWithoutMinimums } from '../relaxation/without-minimums';
import { solveRestrictedLp } from '../relaxation/restricted-lp';
import { ATTEMPTS, searchRestrictedStage, type StageSearch } from './restricted-stage';
import { restrict, rowsByClass, rowUpTo } from '../stage/restrictions';
import { buildStage, wholeStage } from '../stage/stage';
import { solveStage, type StageCheckpoints } from './stage-solve';
import { laterWorths, withTieBreaks } from '../stage/tie-breaks';

/** In the weighted search a class is worth this many times the next one, up to the cap in all. */
const CLASS_WEIGHT = 8;
const MOST_WEIGHT = 32_768;

interface ClassPolish extends Polish {
  readonly rounds: () => number;
}

/** A class's stage gets its share of the exchanges of a stage of all candidates, and no large neighbourhoods. */
function polishFor(highs: Highs, exchanges: ExchangeBudget): ClassPolish {
  return { highs, crew: SOLO, exchanges, rounds: () => 0, subProblems: SUB_PROBLEMS, leads: null };
}

export interface RestrictedPriorityResult extends ModeResult {
  readonly classes: readonly ClassCertificate[];
  readonly limitPrice: Float64Array;
}

/**
 * Lexicographic search under limits and minimums. First class by class: each keeps every limit that must hold after it,
 * the last one also meets the minimums. Where the earlier classes leave those out of reach, all classes are searched at
 * once, weighted by their order.
 *
 * @param worth what each candidate is worth at the prices of the relaxation of all classes at once, cents
 * @returns null: none found
 */
export function solveRestrictedPriority(
  problem: Problem,
  conditions: Conditions,
  worth: Float64Array,
  highs: Highs,
  checkpoints: StageCheckpoints,
): RestrictedPriorityResult | null {
  const stepwise = classByClass(problem, conditions, worth, highs, checkpoints);
  const verdict = judgeConditions(problem, conditions, stepwise.assignment.candidate);
  const done = verdict.broken === null && verdict.shortfall === 0;
  const weighted = done ? null : allAtOnce(problem, conditions, highs, checkpoints);
  const assignment = betterOf(problem, conditions, stepwise.assignment, weighted?.assignment ?? null);
  if (assignment === null) return null;
  const moves = stepwise.moves + (weighted?.moves ?? 0);
  return {
    ...stepwise,
    assignment,
    moves,
    classes: certifyClasses(problem, conditions, assignment, stepwise.rowPrices, highs, checkpoints.bound),
  };
}

function classByClass(
  problem: Problem,
  conditions: Conditions,
  worth: Float64Array,
  highs: Highs,
  checkpoints: StageCheckpoints,
): ModeResult & { limitPrice: Float64Array; rowPrices: Map<LimitRow, number>[] } {
  const { candidates, loans, trades, options } = problem;
  const price = new Float64Array(trades.count);
  const limitPrice = new Float64Array(problem.limits.length);
  const last = levelCount(problem) - 1;
  const before = { ...withoutMinimums(conditions), mustPlace: new Uint8Array(loans.count) };
  const rowPrices = Array.from(candidates.classPriority, () => new Map<LimitRow, number>());
  const later = laterWorths(problem, worth);
  let assignment = lockedAssignment(problem);
  let moves = 0;
  for (let k = 0; k <= last; k++) {
    const placed = assignment.candidate;
    const offered = buildStage(
      problem,
      assignment.fill,
      (loan) => placed[loan]! < 0,
      (candidate) => candidates.priorityClass[candidate] === k,
    );
    const stage = withTieBreaks(problem, offered, later[k]!);
    const rules = k === last ? conditions : before;
    const own = { ...rules, rows: rules.rows.map((row) => rowUpTo(problem, row, k)) };
    const restrictions = restrict(problem, own, stage, placed);
    const budget = movesForShare(options.effort, stage.trade.length, candidates.count);
    const polish = polishFor(highs, exchangesForShare(options.effort, stage.trade.length, candidates.count));
    const isFree = restrictions.rowCount === 0 && !own.mustPlace.includes(1) && own.mustReach.every((v) => v === 0);
    if (isFree) {
      const nodes = nodesFor(options.effort, stage.trade.length);
      const solved = solveStage(stage, { nodes, moves: budget, starts: 1 }, options.seed, checkpoints, polish);
      assignment = withStage(assignment, stage, solved.assignment);
      moves += solved.moves;
      solved.relaxed.price.forEach((p, j) => (price[j] = Math.max(price[j]!, p)));
      continue;
    }
    const lp = solveRestrictedLp(highs, stage, restrictions, checkpoints.bound);
    if (lp === null) continue;
    const found = searchRestrictedStage(
      { stage, restrictions, lp, leads: null },
      { problem, conditions: rules, fixed: assignment },
      { moves: budget, shared: false, attempts: ATTEMPTS },
      options.seed,
      checkpoints.search,
      polish,
    );
    assignment = found.assignment ?? assignment;
    moves += found.moves;
    restrictions.source.forEach((row, r) => rowPrices[k]!.set(rules.rows[own.rows.indexOf(row)]!, lp.rowPrice[r]!));
    lp.price.forEach((p, j) => (price[j] = Math.max(price[j]!, p)));
    limitPrices(problem, restrictions, lp).forEach((p, n) => {
      if (Math.abs(p) > Math.abs(limitPrice[n]!)) limitPrice[n] = p;
    });
  }
  return { assignment, price, limitPrice, rowPrices, moves };
}

function allAtOnce(
  problem: Problem,
  conditions: Conditions,
  highs: Highs,
  checkpoints: StageCheckpoints,
): StageSearch | null {
  const { candidates, options } = problem;
  const locked = lockedAssignment(problem);
  const rules = { ...conditions, rows: rowsByClass(problem, conditions.rows) };
  const left = possibleStage(problem, rules, wholeStage(problem), locked.candidate, checkpoints.bound);
  if (left === null) return null;
  const { stage: plain, restrictions } = left;
  const last = levelCount(problem) - 1;
  const weight = new Float64Array(last + 1).fill(1);
  for (let k = last - 1; k >= 0; k--) weight[k] = Math.min(MOST_WEIGHT, weight[k + 1]! * CLASS_WEIGHT);
  const net = plain.net.map((v, o) => v * weight[candidates.priorityClass[plain.candidate[o]!]!]!);
  const stage = { ...plain, net };
  const lp =
    solveRestrictedLp(highs, stage, restrictions, checkpoints.bound) ??
    relaxationWithoutMinimums(problem, rules, stage, restrictions, highs, checkpoints.bound);
  if (lp === null) return null;
  const moves = restrictedMovesFor(options.effort, candidates.count, options.placeAll);
  const budget = { moves, shared: false, attempts: ATTEMPTS };
  const polish = polishFor(highs, EXCHANGES[options.effort]);
  return searchRestrictedStage(
    { stage, restrictions, lp, leads: null },
    { problem, conditions, fixed: locked },
    budget,
    options.seed,
    checkpoints.search,
    polish,
  );
}

/** The better of two assignments that may be reported: less shortfall, then the higher tuple of class values. */
function betterOf(problem: Problem, conditions: Conditions, a: Assignment, b: Assignment | null): Assignment | null {
  const first = judgeConditions(problem, conditions, a.candidate);
  if (b === null) return first.broken === null ? a : null;
  if (first.broken !== null) return b;
  const second = judgeConditions(problem, conditions, b.candidate);
  if (first.shortfall !== second.shortfall) return first.shortfall < second.shortfall ? a : b;
  const va = classValues(problem, a.candidate);
  const vb = classValues(problem, b.candidate);
  const k = va.findIndex((value, n) => value !== vb[n]);
  return k < 0 || va[k]! > vb[k]! ? a : b;
}
