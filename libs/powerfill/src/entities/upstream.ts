import {
  code,
  date,
  decimal,
  defineTable,
  flag,
  int,
  json,
  money,
  nullable,
  price,
  rate,
  text,
  type RowOf,
} from '@powerfill/database';

/** Tables the lender's systems write and PowerFill only reads (data.md, "Upstream"). */

const loanMoney = () => decimal(12, 2);

export const loanTable = defineTable('loan', 'upstream', {
  columns: {
    loan_id: code(30),
    loan_amount: loanMoney(),
    orig_loan_amount: nullable(loanMoney()),
    issue_date_prin_bal: nullable(loanMoney()),
    note_rate: rate(),
    curr_status: code(30),
    stage: nullable(code(30)),
    product: code(30),
    term_months: int(),
    /** `conventional`, `fha`, `va`, `usda`. */
    agency_type: code(12),
    lien: nullable(int()),
    /** `fixed`, `arm`. */
    amort_type: nullable(code(12)),
    /** Automated underwriting accepted by: `fnma`, `fhlmc`, `both`, `none`. */
    aus_eligible: nullable(code(10)),
    lock_date: nullable(date()),
    lock_expiration_date: nullable(date()),
    close_date: nullable(date()),
    expected_close_date: nullable(date()),
    funded_date: nullable(date()),
    note_date: nullable(date()),
    first_payment_date: nullable(date()),
    next_due_date: nullable(date()),
    pool_name: nullable(code(30)),
    be_trade_id: nullable(code(30)),
    be_price: nullable(price()),
    be_break_points: nullable(price()),
    hold_reason: nullable(text(100)),
    /** `certified` once the custodian has certified the documents, `exception` while it refuses to; else still open. */
    custody_status: nullable(code(20)),
    /** `retained` or `released` when the loan may only go one way; null = either. */
    servicing_restriction: nullable(code(12)),
    mi_percent: nullable(rate()),
    case_number: nullable(code(30)),
    /** Probability of closing, 0..1. */
    pull_through: nullable(decimal(5, 4)),
    property_state: nullable(code(2)),
    property_county: nullable(text(60)),
    /** `sf`, `pud`, `condo`, `mh`, `coop`, `2-4 unit`. */
    property_type: nullable(code(12)),
    /** `primary`, `second`, `investor`. */
    occupancy: nullable(code(12)),
    /** `purchase`, `cashout`, `rateterm`. */
    purpose: nullable(code(12)),
    units: nullable(int()),
    ltv: nullable(rate()),
    cltv: nullable(rate()),
    dti: nullable(rate()),
    fico: nullable(int()),
    /** `Y` or `N`. */
    high_balance_indicator: nullable(code(1)),
    mkt_shipped_date: nullable(date()),
    /** JSON object of one lender's own columns, usable in rules as `custom_data.<name>`. */
    custom_data: nullable(json()),
  },
  primaryKey: ['loan_id'],
});
export type LoanRow = RowOf<typeof loanTable>;

export const instrumentTable = defineTable('pscat_instruments', 'upstream', {
  columns: {
    investor_instrument_name: code(40),
    investor_id: code(30),
    /** `mbs` or `cash`. */
    instrument_type: code(12),
    /** `umbs30`, `umbs15`, `gnii30`, `gni30`, `cash30`, `cash15`, `bulk`, ... */
    program: code(20),
    product: nullable(code(30)),
    term_min: nullable(int()),
    term_max: nullable(int()),
    lien: nullable(int()),
    amort_type: nullable(code(12)),
    /** `conventional` or `government`, or one loan agency type, or a comma list; null = any. */
    agency_type: nullable(code(40)),
    /** Agency whose underwriting must accept the loan: `fnma`, `fhlmc`, `fnma,fhlmc` (either), `gnma`; null = none asked. */
    agency: nullable(code(20)),
    min_spread: nullable(rate()),
    max_spread: nullable(rate()),
    base_servicing: nullable(rate()),
    max_servicing: nullable(rate()),
    msr_multiple: nullable(decimal(8, 4)),
    max_age_months: nullable(int()),
    max_days_past_due: nullable(int()),
    cert_days: nullable(int()),
    loan_limit_check: nullable(flag()),
  },
  primaryKey: ['investor_instrument_name'],
});
export type InstrumentRow = RowOf<typeof instrumentTable>;

export const buyUpDownGridTable = defineTable('pscat_bubd_grid', 'upstream', {
  columns: {
    investor_instrument_name: code(40),
    coupon: rate(),
    effective_from: date(),
    guarantee_fee: rate(),
    buy_up_multiple: decimal(8, 4),
    buy_down_multiple: decimal(8, 4),
  },
  primaryKey: ['investor_instrument_name', 'coupon', 'effective_from'],
});
export type BuyUpDownGridRow = RowOf<typeof buyUpDownGridTable>;

export const tradeTable = defineTable('pscat_trades', 'upstream', {
  columns: {
    trade_id: code(30),
    /** `mbs`, `wl`, `be`. */
    trade_type: code(3),
    /** `tba`, `stip`, `cash`, `bulk`. */
    delivery_type: nullable(code(10)),
    investor_id: code(30),
    counterparty: nullable(text(60)),
    investor_instrument_name: code(40),
    /** Security coupon; for grid trades the reference note rate. */
    coupon: nullable(rate()),
    story: nullable(code(30)),
    contract_payup: nullable(price()),
    pays_loan_payups: nullable(flag()),
    /** `retained` or `released`. */
    servicing: nullable(code(12)),
    price_includes_srp: nullable(flag()),
    interpolate: nullable(flag()),
    trade_amount: money(),
    paired_off_amount: nullable(money()),
    delivered_amount: nullable(money()),
    /** Percent of the obligation, up and, unless `tolerance_down` says otherwise, down. */
    tolerance: nullable(rate()),
    tolerance_down: nullable(rate()),
    tolerance_min_amount: nullable(money()),
    tail_max: nullable(money()),
    must_reach_amount: nullable(money()),
    /** Price of an `mbs` trade; null for grid trades. */
    price: nullable(price()),
    /** `two_way`, `one_way`, `fixed`, `none`; null = default of the trade type. */
    pair_off_kind: nullable(code(10)),
    pair_off_points: nullable(price()),
    trade_date: nullable(date()),
    settlement_date: date(),
    lead_days: nullable(int()),
    turn_days: nullable(int()),
    /** `open` trades take part; anything else (`closed`, `delivered`, ...) does not. */
    status: code(20),
  },
  primaryKey: ['trade_id'],
});
export type TradeRow = RowOf<typeof tradeTable>;

export const cashGridTable = defineTable('pscat_trade_cash_grid', 'upstream', {
  columns: { trade_id: code(30), note_rate: rate(), price: price() },
  primaryKey: ['trade_id', 'note_rate'],
});
export type CashGridRow = RowOf<typeof cashGridTable>;

export const poolTable = defineTable('pscat_pools', 'upstream', {
  columns: {
    pool_name: code(30),
    investor_instrument_name: code(40),
    coupon: nullable(rate()),
    /** `open`, `submitted`, `certified`, `issued`; all but `open` are locked both ways. */
    status: code(12),
  },
  primaryKey: ['pool_name'],
});
export type PoolRow = RowOf<typeof poolTable>;

export const tradePoolTable = defineTable('pscat_trades_pools_relation', 'upstream', {
  columns: { trade_id: code(30), pool_name: code(30) },
  primaryKey: ['trade_id', 'pool_name'],
});
export type TradePoolRow = RowOf<typeof tradePoolTable>;

export const securitizationRuleTable = defineTable('pscat_securitization_rules', 'upstream', {
  columns: {
    rule_name: code(40),
    /** `loan` (a condition) or `pool` (a limit). */
    kind: code(6),
    condition_text: nullable(text(2000)),
    /** `count`, `sum`, `percent`, `average`; pool rules only. */
    function: nullable(code(10)),
    /** Column the function reads; `*` for counts. */
    column_name: nullable(code(60)),
    limit_value: nullable(decimal(18, 4)),
    /** `<=`, `>=` or `=`. */
    limit_sense: nullable(code(2)),
    /** `each` trade or all `together`. */
    limit_scope: nullable(code(10)),
  },
  primaryKey: ['rule_name'],
});
export type SecuritizationRuleRow = RowOf<typeof securitizationRuleTable>;

export const loanStageTable = defineTable('pscat_loan_stages', 'upstream', {
  columns: { stage: code(30), seq: nullable(int()) },
  primaryKey: ['stage'],
});
export type LoanStageRow = RowOf<typeof loanStageTable>;

export const payupTable = defineTable('rmusr_payups', 'upstream', {
  columns: {
    investor_instrument_name: code(40),
    coupon: rate(),
    story: code(30),
    effective_from: date(),
    condition_text: nullable(text(2000)),
    quote: price(),
    div_by: int(),
  },
  primaryKey: ['investor_instrument_name', 'coupon', 'story', 'effective_from'],
});
export type PayupRow = RowOf<typeof payupTable>;

export const priceAdjustmentTable = defineTable('rmusr_price_adjustments', 'upstream', {
  columns: {
    investor_instrument_name: code(40),
    adj_name: code(40),
    effective_from: date(),
    condition_text: nullable(text(2000)),
    quote: price(),
    div_by: int(),
    /** `llpa`, `srp`, `feature`. */
    kind: code(10),
  },
  primaryKey: ['investor_instrument_name', 'adj_name', 'effective_from'],
});
export type PriceAdjustmentRow = RowOf<typeof priceAdjustmentTable>;

export const marketPriceTable = defineTable('rmusr_market_prices', 'upstream', {
  columns: {
    investor_instrument_name: code(40),
    /** Security coupon, or reference note rate for cash instruments. */
    coupon: rate(),
    /** `YYYY-MM`. */
    settlement_month: code(7),
    /** Empty for plain TBA or cash. */
    story: code(30),
    settlement_date: date(),
    price: price(),
    servicing: nullable(code(12)),
    bid_as_of: nullable(date()),
  },
  primaryKey: ['investor_instrument_name', 'coupon', 'settlement_month', 'story'],
});
export type MarketPriceRow = RowOf<typeof marketPriceTable>;

export const loanLimitTable = defineTable('ref_loan_limits', 'upstream', {
  columns: {
    year: int(),
    state: code(2),
    /** Empty = the whole state; state `*` and county empty = the nation. */
    county: text(60),
    units: int(),
    /** Above this a loan is high balance. */
    base_limit: money(),
    /** Above this it is over the area's limit. */
    limit_amount: money(),
  },
  primaryKey: ['year', 'state', 'county', 'units'],
});
export type LoanLimitRow = RowOf<typeof loanLimitTable>;
