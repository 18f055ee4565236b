import type {
  BuyUpDownGridRow,
  CarryCostRow,
  CarryCurveRow,
  CashGridRow,
  ConstraintRow,
  ConstraintRuleRow,
  InstrumentRow,
  LoanLimitRow,
  LoanRow,
  LoanStageRow,
  LockdownRow,
  MarketPriceRow,
  PayupRow,
  PoolRow,
  PriceAdjustmentRow,
  SecuritizationRuleRow,
  TradePoolRow,
  TradeRow,
} from '../entities';
import type { BusinessCalendar, IsoDate } from '../domain/calendar';
import type { RunOptions } from '../domain/run-options';
import type { TenantSettings } from '../domain/tenant-settings';

/**
 * Everything an attempt reads, taken in one snapshot transaction before step 1 (runs.md, "Input"). Rows are
 * sorted by primary key in code-unit order, keys trimmed of trailing blanks, decimals are scaled integers.
 */
export interface RunInput {
  readonly options: RunOptions;
  readonly asOf: IsoDate;
  readonly calendar: BusinessCalendar;
  readonly settings: TenantSettings;
  readonly loans: readonly LoanRow[];
  readonly instruments: readonly InstrumentRow[];
  readonly buyUpDownGrid: readonly BuyUpDownGridRow[];
  readonly trades: readonly TradeRow[];
  readonly cashGrid: readonly CashGridRow[];
  readonly pools: readonly PoolRow[];
  readonly tradePools: readonly TradePoolRow[];
  readonly rules: readonly SecuritizationRuleRow[];
  readonly stages: readonly LoanStageRow[];
  /** Null when the tenant has no pay-up table at all, which fails step 2. */
  readonly payups: readonly PayupRow[] | null;
  readonly priceAdjustments: readonly PriceAdjustmentRow[];
  readonly marketPrices: readonly MarketPriceRow[];
  readonly loanLimits: readonly LoanLimitRow[];
  readonly constraints: readonly ConstraintRow[];
  readonly constraintRules: readonly ConstraintRuleRow[];
  readonly carryCost: readonly CarryCostRow[];
  readonly carryCurves: readonly CarryCurveRow[];
  readonly lockdown: readonly LockdownRow[];
}
