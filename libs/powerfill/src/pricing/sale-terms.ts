import type { IsoDate } from '../domain/calendar';
import type { InstrumentRow } from '../entities';
import type { ConditionIndex } from '../eligibility/condition-set';
import type { CashGrid } from '../steps/step-results';
import type { BuyUpDownTerms } from './buy-up-down';
import type { CarryCurve } from './carry';
import type { TradeType } from './pair-off';

export type Servicing = 'retained' | 'released';

/** A story as a trade or a pay-up names it. */
export interface StoryTerms {
  readonly name: string;
  readonly condition: ConditionIndex;
  /** The condition asks for high-balance loans: the only kind of story such loans take. */
  readonly highBalance: boolean;
}

/** A pay-up in force, in 1e-8 point. */
export interface PayupTerms extends StoryTerms {
  readonly points: number;
}

/** A price adjustment in force, in 1e-8 point. */
export interface AdjustmentTerms {
  readonly name: string;
  readonly condition: ConditionIndex;
  readonly points: number;
}

/** What the sales of one instrument share. Sets hold folded text; null = the instrument does not ask. */
export interface InstrumentTerms {
  readonly row: InstrumentRow;
  /** Place among the run's instruments. */
  readonly index: number;
  readonly ginnie: boolean;
  readonly products: ReadonlySet<string> | null;
  readonly agencyTypes: ReadonlySet<string> | null;
  readonly amortTypes: ReadonlySet<string> | null;
  /** Underwriting that satisfies the agency; null when nothing is asked. */
  readonly underwriting: ReadonlySet<string> | null;
  /** Loan-level price adjustments and features, which add up. */
  readonly adjustments: readonly AdjustmentTerms[];
  /** Servicing premiums. */
  readonly premiums: readonly AdjustmentTerms[];
}

/**
 * One way to sell a loan, a trade or a synthetic trade, with everything a check or a price term asks of it looked up
 * once. Prices in 1e-8 point, rates in 1e-6 percent, days since 1970-01-01.
 */
export interface SaleTerms {
  readonly id: string;
  readonly tradeType: TradeType;
  readonly instrument: InstrumentTerms;
  readonly coupon: number | null;
  readonly story: StoryTerms | null;
  /** Paid to every loan of a story trade. */
  readonly contractPayup: number;
  /** Of a cash trade that pays loan pay-ups, highest first, ties by story. */
  readonly loanPayups: readonly PayupTerms[];
  readonly servicing: Servicing;
  readonly priceIncludesPremium: boolean;
  readonly settlementDate: IsoDate;
  readonly settlementDay: number;
  /** Day by which a loan's lead time must be over: settlement, for `mbs` two business days before it. */
  readonly readyByDay: number;
  /** Last day to certify; null when the instrument does not ask. */
  readonly certifyByDay: number | null;
  readonly leadDays: number;
  readonly turnDays: number;
  /** Price of a security or of a synthetic trade. */
  readonly flatPrice: number | null;
  readonly grid: CashGrid | null;
  readonly interpolates: boolean;
  /** Note rates taken, both included. */
  readonly lowestRate: number;
  readonly highestRate: number;
  readonly buyUpDown: BuyUpDownTerms | null;
  /** Null only where the tenant has no curve and carry does not count. */
  readonly curve: CarryCurve | null;
}
