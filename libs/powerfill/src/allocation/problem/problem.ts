import { type Effort, type LimitKind, type Mode } from './problem-file';

/**
 * A validated problem in typed arrays: what the search works on. Loans and trades are sorted by id (code units), the
 * candidates of a loan by trade, so that nothing depends on the order of the input. Only plain data: it survives a
 * structured clone, and its arrays may be transferred to a worker thread.
 *
 * Units: amounts and values in cents, scores and rates in 1e-8 point of 100 par; all integers, held in doubles.
 */
export interface Problem {
  readonly loans: LoanTable;
  readonly trades: TradeTable;
  readonly candidates: CandidateTable;
  readonly limits: readonly Limit[];
  readonly options: ProblemOptions;
}

export interface LoanTable {
  readonly count: number;
  readonly ids: readonly string[];
  /** Cents, above 0. */
  readonly amount: Float64Array;
  /** 1e-8 point. */
  readonly reservation: Float64Array;
  /** Trade index of the loan's pool today, -1 = none. */
  readonly currentTrade: Int32Array;
  /** Candidate index the loan is locked to, -1 = free. */
  readonly lockedTo: Int32Array;
  /** Sum of all amounts, cents. */
  readonly upb: number;
}

export interface TradeTable {
  readonly count: number;
  readonly ids: readonly string[];
  /** T, L and U in cents; U = Infinity when the file gives no max. */
  readonly target: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
  /** q in 1e-8 point, may be negative. */
  readonly pairOffRate: Float64Array;
  /** Cents; 0 = none. */
  readonly mustReach: Float64Array;
  /** Cents of the loans locked to the trade. */
  readonly lockedFill: Float64Array;
}

/** The eligible pairs, grouped by loan: those of loan i are `start[i] .. start[i + 1] - 1`, by ascending trade. */
export interface CandidateTable {
  readonly count: number;
  readonly start: Int32Array;
  readonly loan: Int32Array;
  readonly trade: Int32Array;
  /** 1e-8 point. */
  readonly score: Float64Array;
  /** v: `roundHalfAway(amount * (score - reservation) / 10^10)`, cents. */
  readonly value: Float64Array;
  /** Switch cost of the pair, cents. */
  readonly switchCost: Float64Array;
  /** Priority class of the pair, 0 = first. */
  readonly priorityClass: Int32Array;
  /** Priority number of each class; Infinity for the pairs without one. */
  readonly classPriority: Float64Array;
  /** Index into `constraintNames`, -1 = none. */
  readonly constraint: Int32Array;
  readonly constraintNames: readonly string[];
}

/**
 * One limit over the loans placed in its trades (engine.md, section 3). `kind` says what is measured of those that match,
 * in amounts or numbers of loans; `limit-rows.ts` makes linear rows of it. Bounds and attributes are integers.
 */
export interface Limit {
  /** `<id>`, or `<id>@<trade>` of a limit per trade. */
  readonly id: string;
  readonly kind: LimitKind;
  /** Trade indexes, ascending. */
  readonly trades: Int32Array;
  /** 1 for each loan that matches `where`. */
  readonly matches: Uint8Array;
  /** Attribute per loan in 1e-8 units (0 outside the match), only of `weighted_average`. */
  readonly attribute: Float64Array | null;
  /** Cents of `total`, loans of `count`, else 1e-8 units; null = no bound. */
  readonly min: number | null;
  readonly max: number | null;
}

export interface ProblemOptions {
  readonly mode: Mode;
  readonly placeAll: boolean;
  readonly effort: Effort;
  readonly seed: number;
  readonly unreachable: 'fail' | 'relax';
}
