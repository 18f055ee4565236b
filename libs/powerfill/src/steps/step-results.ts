import type { InstrumentRow, LoanRow, TradeRow } from '../entities';
import type { IsoDate } from '../domain/calendar';
import type { RunCertificate } from '../domain/run-response';
import type { TradeFillColumns } from './allocation/trade-fill';

/**
 * What the steps hand to each other in memory. Units: money in cents, prices, points and scores in 1e-8 point,
 * rates in 1e-6 percent. Arrays are sorted by id in code-unit order unless said otherwise.
 */
export interface StepResults {
  /** Step 1: by trade id. */
  cashGrids?: ReadonlyMap<string, CashGrid>;
  /** Step 2. */
  trades?: readonly PricedTrade[];
  synthetics?: readonly SyntheticTrade[];
  /** Step 3. */
  candidates?: CandidateSet;
  /** Step 4. */
  allocation?: AllocationResult;
}

/** Effective grid of a cash trade, rates ascending; whole, since `bx_price_floor` only keeps rows out of the table. */
export interface CashGrid {
  readonly tradeId: string;
  readonly rates: readonly number[];
  readonly prices: readonly number[];
  /** False for a rate of the 0.125 ladder that the trade does not post. */
  readonly posted: readonly boolean[];
}

export type PairOffKind = 'two_way' | 'one_way' | 'fixed' | 'none';

/** A trade in the run, priced, with its room (engine.md, step 2). */
export interface PricedTrade {
  readonly trade: TradeRow;
  readonly instrument: InstrumentRow;
  readonly obligation: number;
  readonly toleranceDown: number;
  readonly toleranceUp: number;
  /** T, L and U, each less what was delivered. */
  readonly target: number;
  readonly min: number;
  /** L before the horizon rule. */
  readonly minBeforeHorizon: number;
  readonly max: number;
  /** U without `tail_max`; fill above it is the tail. */
  readonly maxWithoutTail: number;
  readonly mustReach: number | null;
  readonly pastHorizon: boolean;
  readonly price: number | null;
  readonly marketPrice: number | null;
  readonly pairOffKind: PairOffKind;
  readonly pairOffPoints: number;
  readonly notificationDate: IsoDate | null;
}

/** A trade the desk could make today (engine.md, step 2). */
export interface SyntheticTrade {
  /** `instrument|coupon|month|story`. */
  readonly id: string;
  readonly instrument: InstrumentRow;
  readonly coupon: number;
  readonly settlementMonth: string;
  readonly settlementDate: IsoDate;
  readonly story: string;
  readonly servicing: 'retained' | 'released';
  readonly marketPrice: number;
  readonly price: number;
  readonly bidAsOf: IsoDate | null;
}

/** Price terms of a pair in 1e-8 point; `price` is their sum. */
export interface PairPrice {
  readonly base: number;
  readonly payUp: number;
  readonly payUpStory: string | null;
  readonly buyUpDown: number;
  readonly servicingValue: number;
  readonly adjustments: number;
  readonly price: number;
  readonly carry: number;
  readonly prxPlusCarry: number;
  readonly score: number;
  readonly interestEarningDays: number;
  readonly deliveryDate: IsoDate;
  /** 1e-4 bp; positive = bought up. */
  readonly buyUpBp: number;
  /** 1e-4 bp. */
  readonly retainedExcessBp: number;
}

/** Constraint a pair belongs to. */
export interface ConstraintRef {
  readonly investorId: string;
  readonly instrumentName: string;
  readonly name: string;
  readonly priority: number;
}

/** An eligible pair. */
export interface Candidate {
  readonly tradeId: string;
  readonly constraint: ConstraintRef;
  readonly price: PairPrice;
  readonly locked: boolean;
  /** Codes of checks a locked member failed. */
  readonly warnings: readonly string[];
  /**
   * A locked member whose pair has no price: all terms of `price` are 0 and mean nothing. Its v is 0, so step 4 takes
   * the loan's reservation as its score (engine.md, check `LOCKED`: "unpriceable: v = 0").
   */
  readonly unpriceable?: true;
}

/** What an alternative would pay, in 1e-8 point. */
export type OptionPrice = Pick<PairPrice, 'price' | 'carry' | 'prxPlusCarry' | 'score'>;

/** A loan's alternative at a synthetic trade. */
export interface SyntheticOption {
  readonly synthetic: SyntheticTrade;
  readonly price: OptionPrice;
}

/** A loan's alternatives; each is made as it is asked for (`steps/packed-options.ts`). */
export interface SyntheticOptions extends Iterable<SyntheticOption> {
  readonly length: number;
}

/** A loan in the run (engine.md, "In the run": passed the first three rows of the check table). */
export interface EligibleLoan {
  readonly loan: LoanRow;
  readonly amount: number;
  /** closed at as-of, as opposed to locked. */
  readonly closed: boolean;
  /** Max(as-of, funded ?? close ?? expected close); null without any. */
  readonly readyDate: IsoDate | null;
  readonly highBalance: boolean;
  /** Trade of the loan's pool today; null when in no designated pool. */
  readonly currentTradeId: string | null;
  readonly poolLock: 'N' | 'Y' | 'O' | null;
  /** Set when the loan stays where it is (outcome `held`), with the code. */
  readonly held: { readonly code: string } | null;
  /** Set when the loan is kicked out whatever the allocation does (e.g. `HELD` = manual hold, with its reason). */
  readonly excludedCode: string | null;
  /** Sorted by score descending, then trade id. Empty when held or excluded. */
  readonly candidates: readonly Candidate[];
  /** Sorted by synthetic id. */
  readonly synthetics: SyntheticOptions;
  /** Failure code -> number of trades that failed the loan with it. */
  readonly codeCounts: ReadonlyMap<string, number>;
  /** Where the loan got furthest in check order without passing; ties by trade id. Null when it has no failures. */
  readonly furthest: { readonly tradeId: string; readonly code: string } | null;
}

/** A pool rule of the tenant that applies to trades of the run (kept for step 4's limits and recap). */
export interface PoolRuleUse {
  readonly ruleName: string;
  /** Trades of its constraints, sorted. */
  readonly tradeIds: readonly string[];
}

/** Result of step 3. */
export interface CandidateSet {
  /** Sorted by loan id. */
  readonly loans: readonly EligibleLoan[];
  readonly outOfScope: readonly { readonly loan: LoanRow; readonly amount: number; readonly code: string }[];
  readonly poolRules: readonly PoolRuleUse[];
}

/** A loan's fate (engine.md: every eligible loan has exactly one outcome). */
export type LoanOutcome =
  | { readonly kind: 'placed'; readonly tradeId: string }
  | { readonly kind: 'held'; readonly code: string }
  | { readonly kind: 'kicked_out'; readonly code: string };

/** Result of step 4. */
export interface AllocationResult {
  /** By loan id; every eligible loan has one. */
  readonly outcomes: ReadonlyMap<string, LoanOutcome>;
  /** By trade id: what step 4 adds to the trade's row. */
  readonly tradeRows: ReadonlyMap<string, TradeFillColumns>;
  /** Reservation of each eligible loan in 1e-8 point. */
  readonly reservations: ReadonlyMap<string, number>;
  readonly certificate: RunCertificate;
}
