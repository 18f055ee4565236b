import {
  type ClassResult,
  type LimitKind,
  type LimitResult,
  type Solution,
  type SolveWarning,
  type TradeResult,
} from '../allocation';

/**
 * A solved and audited problem as it crosses from the worker thread: columns in typed arrays, because 50,000 small
 * objects would hold up the receiving event loop. Loans are counted in the order of their ids (code units), trades
 * likewise. Units as in `Solution`: cents, 1e-8 points, 1e-6 bp.
 */
export interface AllocationSolution {
  readonly loanCount: number;
  readonly tradeIds: readonly string[];
  /** Trade of each loan, -1 = not placed. */
  readonly assignment: Int32Array;
  /** In the order of `tradeIds`. */
  readonly trades: readonly Pick<TradeResult, 'fill' | 'shadowPrice' | 'pairOff'>[];
  readonly kickouts: KickoutColumns;
  readonly limits: readonly SolvedLimit[];
  readonly warnings: readonly SolveWarning[];
  readonly objective: number;
  readonly upperBound: number;
  readonly gap: number;
  readonly gapMicroBp: number;
  readonly greedyObjective: number | null;
  readonly classes: readonly ClassResult[] | null;
  readonly orderCost: { readonly low: number; readonly high: number } | null;
  readonly moves: number;
  readonly seed: number;
  readonly replayable: boolean;
}

/** A limit with what the assignment makes of it; units by kind as in `LimitResult`. */
export interface SolvedLimit extends LimitResult {
  readonly kind: LimitKind;
  readonly tradeIds: readonly string[];
}

/** Reasons of the loans that are not placed, one entry per loan of the problem; entries of placed loans mean nothing. */
export interface KickoutColumns {
  readonly codes: readonly string[];
  /** Index into `codes`. */
  readonly code: Int32Array;
  /** Trade the loan nearly made, -1 = none. */
  readonly nearestTrade: Int32Array;
  /** 1e-8 point, at most 0; NaN = none. */
  readonly marginPoints: Float64Array;
  /** Loan that holds its place, -1 = none. */
  readonly displacedBy: Int32Array;
}

/** A loan's own entry of `KickoutColumns`, with names instead of indexes. */
export interface SolvedKickout {
  readonly code: string;
  readonly nearestTradeId: string | null;
  readonly marginPoints: number | null;
  readonly displacedByIndex: number | null;
}

/** Turns the core's solution into the form that crosses threads. */
export function packSolution(solution: Solution): AllocationSolution {
  return {
    loanCount: solution.problem.loans.count,
    tradeIds: solution.problem.trades.ids,
    assignment: solution.assignment,
    trades: solution.trades.map(({ fill, shadowPrice, pairOff }) => ({ fill, shadowPrice, pairOff })),
    kickouts: packKickouts(solution),
    limits: solution.limits.map((limit, index) => ({ ...limit, ...limitOf(solution, index) })),
    warnings: solution.warnings,
    objective: solution.objective,
    upperBound: solution.upperBound,
    gap: solution.gap,
    gapMicroBp: solution.gapMicroBp,
    greedyObjective: solution.greedyObjective,
    classes: solution.classes,
    orderCost: solution.orderCost,
    moves: solution.moves,
    seed: solution.seed,
    replayable: solution.replayable,
  };
}

function limitOf({ problem }: Solution, index: number): Pick<SolvedLimit, 'kind' | 'tradeIds'> {
  const limit = problem.limits[index];
  if (limit === undefined) throw new Error(`The problem has no limit ${index}`);
  return { kind: limit.kind, tradeIds: Array.from(limit.trades, (trade) => problem.trades.ids[trade] ?? '') };
}

function packKickouts({ problem, kickouts }: Solution): KickoutColumns {
  const { count, ids } = problem.loans;
  const loanIndex = new Map(ids.map((id, index) => [id, index]));
  const tradeIndex = new Map(problem.trades.ids.map((id, index) => [id, index]));
  const codeIndex = new Map<string, number>();
  const columns = {
    code: new Int32Array(count),
    nearestTrade: new Int32Array(count).fill(-1),
    marginPoints: new Float64Array(count).fill(NaN),
    displacedBy: new Int32Array(count).fill(-1),
  };
  for (const kickout of kickouts) {
    const index = loanIndex.get(kickout.loan);
    if (index === undefined) continue;
    const code = codeIndex.get(kickout.code) ?? codeIndex.size;
    codeIndex.set(kickout.code, code);
    columns.code[index] = code;
    columns.nearestTrade[index] = tradeIndex.get(kickout.nearestTrade ?? '') ?? -1;
    columns.marginPoints[index] = kickout.marginPoints ?? NaN;
    columns.displacedBy[index] = loanIndex.get(kickout.displacedBy ?? '') ?? -1;
  }
  return { codes: [...codeIndex.keys()], ...columns };
}

/** Reads the entry of the loan at `index`, which must not be placed. */
export function kickoutAt(solution: AllocationSolution, index: number): SolvedKickout {
  const { kickouts, tradeIds } = solution;
  const margin = kickouts.marginPoints[index] ?? NaN;
  const displacedBy = kickouts.displacedBy[index] ?? -1;
  return {
    code: kickouts.codes[kickouts.code[index] ?? 0] ?? 'NOT_FOUND',
    nearestTradeId: tradeIds[kickouts.nearestTrade[index] ?? -1] ?? null,
    marginPoints: Number.isNaN(margin) ? null : margin,
    displacedByIndex: displacedBy < 0 ? null : displacedBy,
  };
}
