import { pairOff, type PairOffTerms } from '../problem/pair-off';
import { type Problem } from '../problem/problem';

/**
 * One optimisation over free loans and a fixed part: all of a `global` problem, or one priority class once the earlier
 * classes are fixed. Loans, trades and amounts as in `Problem`; the fixed part is only its fills.
 */
export interface Stage extends PairOffTerms {
  readonly tradeCount: number;
  /** Loans of the stage, as indexes into the problem, ascending. */
  readonly loans: Int32Array;
  /** Cents, per stage loan. */
  readonly amount: Float64Array;
  /** Options of stage loan s: `start[s] .. start[s + 1] - 1`. */
  readonly start: Int32Array;
  /** Stage loan of each option. */
  readonly loanOf: Int32Array;
  readonly trade: Int32Array;
  /** Value less switch cost, cents. */
  readonly net: Float64Array;
  /** The problem's candidate behind each option. */
  readonly candidate: Int32Array;
  /** Fill of the fixed part, cents. */
  readonly baseFill: Float64Array;
  /** Effective U: the trade's max, or its fixed fill where locked loans alone pass it; never above what could arrive. */
  readonly room: Float64Array;
}

/**
 * Builds a stage. A loan that is larger than all the room a trade has left is no option of it.
 *
 * @param free whether a loan may be placed by the stage
 * @param offered whether a candidate takes part in the stage
 */
export function buildStage(
  problem: Problem,
  baseFill: Float64Array,
  free: (loan: number) => boolean,
  offered: (candidate: number) => boolean,
): Stage {
  const { loans, trades, candidates } = problem;
  const loanIndexes: number[] = [];
  const options: number[] = [];
  const starts: number[] = [0];
  const loanOf: number[] = [];
  for (let i = 0; i < loans.count; i++) {
    if (!free(i)) continue;
    const before = options.length;
    for (let c = candidates.start[i]!; c < candidates.start[i + 1]!; c++)
      if (offered(c) && baseFill[candidates.trade[c]!]! + loans.amount[i]! <= trades.max[candidates.trade[c]!]!)
        loanOf[options.push(c) - 1] = loanIndexes.length;
    if (options.length === before) continue;
    loanIndexes.push(i);
    starts.push(options.length);
  }
  const room = baseFill.slice();
  for (const c of options) room[candidates.trade[c]!]! += loans.amount[candidates.loan[c]!]!;
  for (let j = 0; j < trades.count; j++) room[j] = Math.min(room[j]!, Math.max(trades.max[j]!, baseFill[j]!));
  return {
    tradeCount: trades.count,
    loans: Int32Array.from(loanIndexes),
    amount: Float64Array.from(loanIndexes, (i) => loans.amount[i]!),
    start: Int32Array.from(starts),
    loanOf: Int32Array.from(loanOf),
    trade: Int32Array.from(options, (c) => candidates.trade[c]!),
    net: Float64Array.from(options, (c) => candidates.value[c]! - candidates.switchCost[c]!),
    candidate: Int32Array.from(options),
    baseFill,
    room,
    target: trades.target,
    min: trades.min,
    pairOffRate: trades.pairOffRate,
  };
}

/** All free loans and all their candidates. */
export function wholeStage(problem: Problem): Stage {
  return buildStage(
    problem,
    problem.trades.lockedFill,
    (i) => problem.loans.lockedTo[i]! < 0,
    () => true,
  );
}

/** Cents of the stage's mean loan; 0 when it has none. */
export function meanAmount({ amount }: Stage): number {
  return amount.reduce((sum, a) => sum + a, 0) / Math.max(1, amount.length);
}

/** Fill of each trade where a relaxation places so many cents of each option's loan. */
export function fillsOf(stage: Stage, flow: Float64Array): Float64Array {
  const fill = stage.baseFill.slice();
  flow.forEach((cents, o) => (fill[stage.trade[o]!]! += cents));
  return fill;
}

/** An assignment of a stage: per stage loan the option it has, -1 = none. */
export interface StageAssignment {
  readonly option: Int32Array;
  readonly fill: Float64Array;
}

/** Value of the options less the pair-off cost at the fills, cents. */
export function stageObjective(stage: Stage, assignment: StageAssignment): number {
  let total = 0;
  for (const o of assignment.option) if (o >= 0) total += stage.net[o]!;
  for (let j = 0; j < stage.tradeCount; j++) total -= pairOff(stage, j, assignment.fill[j]!);
  return total;
}

/**
 * Value of every option at the prices of a relaxation, cents: what guides construction and search.
 *
 * @param price prices of the trades, 1e-8 point
 */
export function reducedValues({ net, trade, amount, loanOf }: Stage, price: Float64Array): Float64Array {
  return net.map((value, o) => value - price[trade[o]!]! * 1e-10 * amount[loanOf[o]!]!);
}
