import { type Crew } from './crew';
import { type Problem } from './problem/problem';

/** How a caller steers a solve. Both functions are called between moves, many times a second. */
export interface SolveControl {
  /** True ends the solve with `SolveAborted`. Must be cheap: it is asked every few milliseconds. */
  shouldStop(): boolean;
  onProgress(progress: SolveProgress): void;
  /** Shares work that can be done side by side; without it one thread does all, with the same result. */
  readonly crew?: Crew;
}

export interface SolveProgress {
  readonly phase: 'bound' | 'search';
  /** Share of the phase's own budget that is used, 0..1. */
  readonly done: number;
  /** Best objective so far, cents; null before the first. */
  readonly objective: number | null;
  /** Best bound so far, cents; null before the first. */
  readonly upperBound: number | null;
}

export type SolveOutcome =
  | { readonly status: 'solved'; readonly solution: Solution }
  | {
      readonly status: 'infeasible';
      readonly loans: readonly string[];
      readonly limits: readonly string[];
      readonly message: string;
    }
  | { readonly status: 'not_found'; readonly message: string };

/** A feasible assignment with its certificate. Integers throughout: cents, 1e-8 points, 1e-6 bp. */
export interface Solution {
  readonly problem: Problem;
  /** Trade index of each loan, -1 = not placed; loans in the order of `problem.loans`. */
  readonly assignment: Int32Array;
  /** Cents. */
  readonly objective: number;
  readonly upperBound: number;
  readonly gap: number;
  /** Gap over the UPB of all loans, in 1e-6 bp. */
  readonly gapMicroBp: number;
  /** Objective of the plain trade-by-trade greedy, cents; null when it finds no feasible assignment. */
  readonly greedyObjective: number | null;
  /** One entry per priority class, in mode `priority` only. */
  readonly classes: readonly ClassResult[] | null;
  /** What the desk's order costs against the global optimum, cents; in mode `priority` only. */
  readonly orderCost: { readonly low: number; readonly high: number } | null;
  readonly trades: readonly TradeResult[];
  readonly limits: readonly LimitResult[];
  readonly placements: readonly Placement[];
  readonly kickouts: readonly Kickout[];
  readonly warnings: readonly SolveWarning[];
  /** Budget of the local searches made, in moves. */
  readonly moves: number;
  readonly seed: number;
  /** True: the same problem gives the same solution on every machine of this build. */
  readonly replayable: boolean;
}

export interface ClassResult {
  /** The priority number; null for the last class of pairs without one. */
  readonly priority: number | null;
  /** V_k, cents. */
  readonly value: number;
  /** Largest V_k possible when the earlier classes keep at least their V, cents. */
  readonly upperBound: number;
  readonly gap: number;
}

export type TradeStatus = 'Filled' | 'Short' | 'Empty' | 'Open' | 'Overfilled';

export interface TradeResult {
  readonly id: string;
  /** Cents. */
  readonly fill: number;
  readonly status: TradeStatus;
  /** Worth of one more dollar of room, 1e-8 point of 100 par; negative: each dollar delivered earns by itself. */
  readonly shadowPrice: number;
  /** Pair-off cost at this fill, cents. */
  readonly pairOff: number;
}

export interface LimitResult {
  readonly id: string;
  /** Cents of `total`, loans of `count`, else 1e-8 units rounded half away; null = empty set. */
  readonly value: number | null;
  readonly min: number | null;
  readonly max: number | null;
  /**
   * Multiplier of the limit's row (a max charges, so it is >= 0; a min pays, so it is <= 0): 1e-8 point of 100 par per
   * dollar in the row (of `weighted_average`: per dollar and unit of the attribute), or cents per loan for counts.
   */
  readonly shadowPrice: number;
}

/** A placed loan, beside the best other trade it could have had. */
export interface Placement {
  readonly loan: string;
  readonly trade: string;
  /** v of the pair, cents. */
  readonly value: number;
  /** Candidate of the loan with the highest score other than its own (ties: trade id); null = no other. */
  readonly alternative: string | null;
  /** Score of the alternative less the score chosen, 1e-8 point; null without alternative. */
  readonly giveUp: number | null;
}

/**
 * Why a loan is not placed: `NO_CANDIDATE`, `NO_ROOM`, `LIMIT:<id>`, `TAKEN_BY_PRIORITY:<constraint>`,
 * `BELOW_RESERVATION`, `MINIMUM_NOT_REACHED`, `SWITCH_NOT_WORTH_IT` or `NOT_FOUND` (engine.md, section 2).
 */
export interface Kickout {
  readonly loan: string;
  readonly code: string;
  /** Candidate trade with the best `score - reservation - shadow prices`; null without candidates. */
  readonly nearestTrade: string | null;
  /** That value, 1e-8 point, at most 0. */
  readonly marginPoints: number | null;
  /** The weakest loan placed there. */
  readonly displacedBy: string | null;
}

export interface SolveWarning {
  readonly code: 'locked_overfill' | 'locked_breaks_limit' | 'limit_unreachable';
  /** Trade or limit the warning is about. */
  readonly subject: string;
  readonly message: string;
}
