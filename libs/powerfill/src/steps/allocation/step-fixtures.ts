import { BusinessCalendar } from '../../domain/calendar';
import { DEFAULT_RUN_OPTIONS, type RunOptions } from '../../domain/run-options';
import { DEFAULT_TENANT_SETTINGS } from '../../domain/tenant-settings';
import {
  type InstrumentRow,
  type LoanRow,
  type PoolRow,
  type SecuritizationRuleRow,
  type TradeRow,
} from '../../entities';
import { type RunInput } from '../run-input';
import { type StepControl } from '../run-step';
import {
  type Candidate,
  type EligibleLoan,
  type PairPrice,
  type PricedTrade,
  type SyntheticOption,
  type SyntheticTrade,
} from '../step-results';

/** Small rows for the unit tests of steps 4 to 6: every column has a plain default, a test names what it is about. */

export const AS_OF = '2026-11-23';

/** Dollars to cents, points to 1e-8 point, percent to 1e-6 percent. */
export const usd = (dollars: number): number => Math.round(dollars * 100);
export const pts = (points: number): number => Math.round(points * 1e8);
export const pct = (percent: number): number => Math.round(percent * 1e6);

export const loanRow = (loanId: string, columns: Partial<LoanRow> = {}): LoanRow => ({
  loan_id: loanId,
  loan_amount: usd(300_000),
  orig_loan_amount: null,
  issue_date_prin_bal: null,
  note_rate: pct(6),
  curr_status: 'Closed',
  stage: null,
  product: 'conv30',
  term_months: 360,
  agency_type: 'conventional',
  lien: 1,
  amort_type: 'fixed',
  aus_eligible: 'both',
  lock_date: null,
  lock_expiration_date: null,
  close_date: null,
  expected_close_date: null,
  funded_date: null,
  note_date: null,
  first_payment_date: null,
  next_due_date: null,
  pool_name: null,
  be_trade_id: null,
  be_price: null,
  be_break_points: null,
  hold_reason: null,
  custody_status: null,
  servicing_restriction: null,
  mi_percent: null,
  case_number: null,
  pull_through: null,
  property_state: null,
  property_county: null,
  property_type: null,
  occupancy: null,
  purpose: null,
  units: null,
  ltv: null,
  cltv: null,
  dti: null,
  fico: null,
  high_balance_indicator: null,
  mkt_shipped_date: null,
  custom_data: null,
  ...columns,
});

export const instrumentRow = (name: string): InstrumentRow => ({
  investor_instrument_name: name,
  investor_id: 'FNMA',
  instrument_type: 'mbs',
  program: 'umbs30',
  product: null,
  term_min: null,
  term_max: null,
  lien: null,
  amort_type: null,
  agency_type: null,
  agency: null,
  min_spread: null,
  max_spread: null,
  base_servicing: null,
  max_servicing: null,
  msr_multiple: null,
  max_age_months: null,
  max_days_past_due: null,
  cert_days: null,
  loan_limit_check: null,
});

export const tradeRow = (tradeId: string, columns: Partial<TradeRow> = {}): TradeRow => ({
  trade_id: tradeId,
  trade_type: 'mbs',
  delivery_type: 'tba',
  investor_id: 'FNMA',
  counterparty: null,
  investor_instrument_name: 'UMBS30',
  coupon: pct(5.5),
  story: null,
  contract_payup: null,
  pays_loan_payups: null,
  servicing: 'retained',
  price_includes_srp: null,
  interpolate: null,
  trade_amount: 0,
  paired_off_amount: null,
  delivered_amount: null,
  tolerance: null,
  tolerance_down: null,
  tolerance_min_amount: null,
  tail_max: null,
  must_reach_amount: null,
  price: pts(101),
  pair_off_kind: null,
  pair_off_points: null,
  trade_date: null,
  settlement_date: '2026-12-14',
  lead_days: null,
  turn_days: null,
  status: 'open',
  ...columns,
});

/** A trade whose T, L and U are `target`, unless said otherwise; cents. */
export function pricedTrade(
  tradeId: string,
  room: Partial<PricedTrade> & { readonly target: number },
  columns: Partial<TradeRow> = {},
): PricedTrade {
  const { target } = room;
  return {
    trade: tradeRow(tradeId, columns),
    instrument: instrumentRow(columns.investor_instrument_name ?? 'UMBS30'),
    obligation: target,
    toleranceDown: 0,
    toleranceUp: 0,
    min: target,
    minBeforeHorizon: target,
    max: target,
    maxWithoutTail: room.max ?? target,
    mustReach: null,
    pastHorizon: false,
    price: pts(101),
    marketPrice: pts(101),
    pairOffKind: 'two_way',
    pairOffPoints: 0,
    notificationDate: null,
    ...room,
  };
}

/** A price of one term; the score is the price with `carry`, 1e-8 point. */
export const pairPrice = (price: number, carry = 0): PairPrice => ({
  base: price,
  payUp: 0,
  payUpStory: null,
  buyUpDown: 0,
  servicingValue: 0,
  adjustments: 0,
  price,
  carry,
  prxPlusCarry: price + carry,
  score: price + carry,
  interestEarningDays: 0,
  deliveryDate: '2026-12-14',
  buyUpBp: 0,
  retainedExcessBp: 0,
});

export const candidate = (
  tradeId: string,
  score: number,
  more: Partial<Candidate> & { priority?: number } = {},
): Candidate => ({
  tradeId,
  constraint: {
    investorId: 'FNMA',
    instrumentName: 'UMBS30',
    name: `c${more.priority ?? 10}`,
    priority: more.priority ?? 10,
  },
  price: more.price ?? pairPrice(score),
  locked: more.locked ?? false,
  warnings: [],
  ...(more.unpriceable === true && { unpriceable: true }),
});

export function eligibleLoan(
  loanId: string,
  parts: Partial<Omit<EligibleLoan, 'loan'>> & { readonly loan?: Partial<LoanRow> } = {},
): EligibleLoan {
  const { loan, ...rest } = parts;
  return {
    amount: usd(300_000),
    closed: true,
    readyDate: AS_OF,
    highBalance: false,
    currentTradeId: null,
    poolLock: null,
    held: null,
    excludedCode: null,
    candidates: [],
    synthetics: [],
    codeCounts: new Map<string, number>(),
    furthest: null,
    ...rest,
    loan: loanRow(loanId, { loan_amount: rest.amount ?? usd(300_000), ...loan }),
  };
}

export function synthetic(instrument: string, coupon: number, month: string, story = ''): SyntheticTrade {
  return {
    id: `${instrument}|${coupon}|${month}|${story}`,
    instrument: instrumentRow(instrument),
    coupon: pct(coupon),
    settlementMonth: month,
    settlementDate: `${month}-14`,
    story,
    servicing: 'retained',
    marketPrice: pts(101),
    price: pts(101),
    bidAsOf: AS_OF,
  };
}

export const option = (trade: SyntheticTrade, price: number, carry = 0): SyntheticOption => ({
  synthetic: trade,
  price: pairPrice(price, carry),
});

export const poolRow = (poolName: string, columns: Partial<PoolRow> = {}): PoolRow => ({
  pool_name: poolName,
  investor_instrument_name: 'UMBS30',
  coupon: pct(5.5),
  status: 'open',
  ...columns,
});

export const runInput = (options: Partial<RunOptions> = {}, tables: Partial<RunInput> = {}): RunInput => ({
  options: { ...DEFAULT_RUN_OPTIONS, as_of_date: AS_OF, reservation_price: '0', ...options },
  asOf: AS_OF,
  calendar: new BusinessCalendar([]),
  settings: DEFAULT_TENANT_SETTINGS,
  loans: [],
  instruments: [],
  buyUpDownGrid: [],
  trades: [],
  cashGrid: [],
  pools: [],
  tradePools: [],
  rules: [],
  stages: [],
  payups: [],
  priceAdjustments: [],
  marketPrices: [],
  loanLimits: [],
  constraints: [],
  constraintRules: [],
  carryCost: [],
  carryCurves: [],
  lockdown: [],
  ...tables,
});

/** A control that never aborts and gives the event loop no turns. */
export const idleControl = (signal: AbortSignal = new AbortController().signal): StepControl => ({
  signal,
  progress: () => undefined,
  breathe: () => {
    signal.throwIfAborted();
    return Promise.resolve();
  },
});

/** Rows a step writes to the table of this name. */
export const rowsOf = (
  writes: readonly { readonly table: { readonly name: string }; readonly rows: Iterable<object> }[],
  table: { readonly name: string },
): readonly object[] => writes.filter((write) => write.table.name === table.name).flatMap((write) => [...write.rows]);

/** A rule over the loans of a trade: at most 10 percent of its dollars, unless the columns say otherwise. */
export const poolRule = (name: string, columns: Partial<SecuritizationRuleRow> = {}): SecuritizationRuleRow => ({
  rule_name: name,
  kind: 'pool',
  condition_text: null,
  function: 'percent',
  column_name: 'loan_amount',
  limit_value: 100_000,
  limit_sense: '<=',
  limit_scope: 'each',
  ...columns,
});
