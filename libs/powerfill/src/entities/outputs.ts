import {
  code,
  date,
  decimal,
  defineTable,
  flag,
  int,
  json,
  later,
  money,
  nullable,
  price,
  rate,
  text,
  uuid,
  type RowOf,
} from '@powerfill/database';

/**
 * What a run writes, keyed (`run_id`, `attempt`, ...): readers see only the attempt the run row names.
 * Group `output` = the seven user-facing tables that BR-9 empties when a run fails or is cancelled, and the pool totals,
 * which are sums over one of them;
 * group `forensic` keeps its rows then.
 */

const runKey = { run_id: uuid(), attempt: int() };
const constraintKey = { investor_id: code(30), investor_instrument_name: code(40), constraint_name: code(60) };

/** Price terms of a loan-trade pair, in points of 100 par; their sum is `price` (engine.md, step 3). */
const priceTerms = {
  base_price: price(),
  pay_up: price(),
  /** Story that earned the pay-up. */
  pay_up_story: nullable(code(30)),
  buy_up_down: price(),
  servicing_value: price(),
  adjustments: price(),
  price: price(),
  carry: price(),
  prx_plus_carry: price(),
  /** `price` or `prx_plus_carry`, as option `price_mode` says. */
  score: price(),
};
/** Names of the price terms, in their order. */
export const PRICE_TERM_COLUMNS = Object.keys(priceTerms) as readonly (keyof typeof priceTerms)[];

const delivery = { interest_earning_days: int(), delivery_date: date() };

/** Step 1: effective note-rate grids of cash trades. */
export const cashMarketMapTable = defineTable('pfill_cash_market_map', 'forensic', {
  columns: {
    ...runKey,
    trade_id: code(30),
    note_rate: rate(),
    price: price(),
    /** False for a rate the grid does not post but that lies on the 0.125 ladder (interpolated). */
    posted: flag(),
  },
  primaryKey: ['run_id', 'attempt', 'trade_id', 'note_rate'],
});
export type CashMarketMapRow = RowOf<typeof cashMarketMapTable>;

/** Step 2: priced trades with room; step 4 adds the fills. */
export const tradeBaseTable = defineTable('pfill_trade_base', 'output', {
  columns: {
    ...runKey,
    trade_id: code(30),
    trade_type: code(3),
    delivery_type: nullable(code(10)),
    investor_id: code(30),
    counterparty: nullable(text(60)),
    investor_instrument_name: code(40),
    product: nullable(code(30)),
    coupon: nullable(rate()),
    story: nullable(code(30)),
    servicing: nullable(code(12)),
    trade_date: nullable(date()),
    settlement_date: date(),
    /** `mbs`: two business days before settlement (48-hour rule). */
    notification_date: nullable(date()),
    trade_amount: money(),
    paired_off_amount: money(),
    delivered_amount: money(),
    obligation_amount: money(),
    tolerance_down_amount: money(),
    tolerance_up_amount: money(),
    tail_max: money(),
    must_reach_amount: nullable(money()),
    /** T of engine.md. */
    target_amount: money(),
    /** L of engine.md; 0 past the horizon. */
    min_amount: money(),
    /** L before the horizon rule, which decides Filled or Short. */
    min_amount_before_horizon: money(),
    /** U of engine.md. */
    max_amount: money(),
    past_horizon: flag(),
    /** Trade price; for grid trades the grid price at the reference rate; null without one. */
    price: nullable(price()),
    /** Today's market at the same point; null without a quote. */
    market_price: nullable(price()),
    pair_off_kind: code(10),
    /** q of engine.md, points of par; may be negative; 0 past the horizon. */
    pair_off_points: price(),

    // Written by step 4.
    fill_amount: nullable(money()),
    fill_count: nullable(int()),
    fill_closed_amount: nullable(money()),
    fill_locked_amount: nullable(money()),
    /** Fill with each loan weighed by its pull-through (closed loans by 1). */
    fill_pull_through_amount: nullable(money()),
    /** Amount of members of locked pools. */
    pool_locked_amount: nullable(money()),
    /** Fill above the upper tolerance, covered by `tail_max`. */
    tail_amount: nullable(money()),
    wa_note_rate: nullable(rate()),
    wa_fico: nullable(decimal(9, 4)),
    wa_ltv: nullable(rate()),
    wa_dti: nullable(rate()),
    high_balance_amount: nullable(money()),
    top_state: nullable(code(2)),
    top_state_amount: nullable(money()),
    not_certified_amount: nullable(money()),
    /** `Overfilled`, `Filled`, `Open`, `Short`, `Empty` (engine.md, step 5). */
    status: nullable(code(12)),
    /** Pair-off of what the run left undelivered; negative = a gain. */
    pair_off_cost: nullable(money()),
    /** Dollars one more dollar of room would be worth, in points of 100 par. */
    shadow_price: nullable(price()),
    /** JSON list of the limits the trade is under, with value and bounds; null in runs of older versions. */
    limits_json: later(2, json()),
  },
  primaryKey: ['run_id', 'attempt', 'trade_id'],
});
export type TradeBaseRow = RowOf<typeof tradeBaseTable>;

/** Step 2: pay-ups in force, in points. */
export const runPayupTable = defineTable('pfill_payups', 'forensic', {
  columns: {
    ...runKey,
    investor_instrument_name: code(40),
    coupon: rate(),
    story: code(30),
    effective_from: date(),
    condition_text: nullable(text(2000)),
    points: price(),
  },
  primaryKey: ['run_id', 'attempt', 'investor_instrument_name', 'coupon', 'story'],
});
export type RunPayupRow = RowOf<typeof runPayupTable>;

/** Step 3: the best candidates of each loan, ranked. */
export const candidateTable = defineTable('pfill_loan2trade_candy_level_01', 'output', {
  columns: {
    ...runKey,
    loan_id: code(30),
    trade_id: code(30),
    /** 1 = best score; ties by trade id. */
    rank_no: int(),
    ...constraintKey,
    constraint_priority: int(),
    amount: money(),
    ...priceTerms,
    ...delivery,
    /** Pair of a locked pool member and its trade. */
    is_locked: flag(),
    /** Codes of checks a locked member failed (warnings), comma separated. */
    warning_codes: nullable(text(400)),
  },
  primaryKey: ['run_id', 'attempt', 'loan_id', 'trade_id'],
});
export type CandidateRow = RowOf<typeof candidateTable>;

/** Step 3: the constraints under which each loan may go, with how many trades each opens to it. */
export const loanConstraintPoolTable = defineTable('pfill_loan_constraint_pool', 'output', {
  columns: {
    ...runKey,
    loan_id: code(30),
    ...constraintKey,
    constraint_priority: int(),
    /** Pool the loan is in today. */
    pool_name: nullable(code(30)),
    candidate_count: int(),
    best_trade_id: code(30),
    best_score: price(),
  },
  primaryKey: ['run_id', 'attempt', 'loan_id', 'investor_id', 'investor_instrument_name', 'constraint_name'],
});
export type LoanConstraintPoolRow = RowOf<typeof loanConstraintPoolTable>;

/** Step 4: one row per eligible loan, in the order of priority classes; every loan has exactly one outcome. */
export const loanOrderingTable = defineTable('pfill_loan_ordering', 'output', {
  columns: {
    ...runKey,
    /** 1.. in order of class, then value (largest first), then loan id. */
    ordering_no: int(),
    loan_id: code(30),
    amount: money(),
    /** `placed`, `held`, `kicked_out`. */
    outcome: code(12),
    trade_id: nullable(code(30)),
    constraint_priority: nullable(int()),
    constraint_name: nullable(code(60)),
  },
  primaryKey: ['run_id', 'attempt', 'loan_id'],
});
export type LoanOrderingRow = RowOf<typeof loanOrderingTable>;

/** Step 4: one row per placed loan; steps 5 and 6 add pool and alternative. */
export const guideTable = defineTable('pfill_powerfill_guide', 'output', {
  columns: {
    ...runKey,
    loan_id: code(30),
    trade_id: code(30),
    ...constraintKey,
    constraint_priority: int(),
    amount: money(),
    note_rate: rate(),
    ...priceTerms,
    ...delivery,
    /** v of engine.md: what placing the loan here is worth over its reservation price. */
    value_amount: money(),
    reservation_price: price(),
    switch_cost_amount: money(),
    /** Basis points bought up (positive) or down (negative). */
    buy_up_bp: decimal(9, 4),
    retained_excess_bp: decimal(9, 4),
    /** As-of less funding (or close) date, 0 for a loan not yet funded. */
    days_on_line: int(),
    lock_expiration_date: nullable(date()),
    is_locked: flag(),
    /** Rank of the chosen trade among the loan's candidates by score. */
    trade_rank: int(),
    second_trade_id: nullable(code(30)),
    second_score: nullable(price()),
    // Written by step 5.
    pool_name: nullable(code(30)),
    recommended_pool: nullable(code(40)),
    pool_action: nullable(code(12)),
    // Written by step 6.
    alternative_id: nullable(code(100)),
    alternative_score: nullable(price()),
    /** Alternative less chosen score; positive = left on the table. */
    give_up: nullable(price()),
  },
  primaryKey: ['run_id', 'attempt', 'loan_id'],
  indexes: [{ name: 'ix_pfill_powerfill_guide_trade', columns: ['run_id', 'attempt', 'trade_id'] }],
});
export type GuideRow = RowOf<typeof guideTable>;

/** Step 4: one row per kickout, with its reason. */
export const kickoutTable = defineTable('pfill_kickout_guide_01', 'output', {
  columns: {
    ...runKey,
    loan_id: code(30),
    amount: money(),
    note_rate: rate(),
    pool_name: nullable(code(30)),
    code: code(80),
    /** Plain words for the trader. */
    reason: text(400),
    candidate_count: int(),
    /** JSON object code -> trades that failed the loan with that code. */
    code_counts_json: json(),
    /** Trade the loan nearly made (or where it got furthest). */
    nearest_trade_id: nullable(code(30)),
    nearest_score: nullable(price()),
    reservation_price: nullable(price()),
    /** Best score less reservation and shadow prices, <= 0; null without a candidate. */
    margin_points: nullable(price()),
    /** Weakest loan in the nearest trade. */
    displaced_by: nullable(code(30)),
    days_since_close: nullable(int()),
    days_to_lock_expiry: nullable(int()),
    // Written by step 6.
    alternative_id: nullable(code(100)),
    alternative_score: nullable(price()),
  },
  primaryKey: ['run_id', 'attempt', 'loan_id'],
});
export type KickoutRow = RowOf<typeof kickoutTable>;

/** Step 5: one row per pool and loan that is in it today or will be (Switching loans have two, naming each other). */
export const poolGuideTable = defineTable('pfill_pool_guide', 'output', {
  columns: {
    ...runKey,
    pool_name: code(40),
    loan_id: code(30),
    /** `Remaining`, `Switching`, `Swapped In`, `Leaving`, `Joining`. */
    action: code(12),
    /** Trade the pool belongs to after the run; null for an undesignated pool that stays so. */
    trade_id: nullable(code(30)),
    /** The other side of a switch. */
    other_pool_name: nullable(code(40)),
    other_trade_id: nullable(code(30)),
    /** `existing`, `redesignated`, `new`. */
    pool_kind: code(12),
    /** `N`, `Y`, `O`. */
    lock_pool: code(1),
    amount: money(),
    note_rate: rate(),
    fico: nullable(int()),
    ltv: nullable(rate()),
    dti: nullable(rate()),
    /** Outcome of the loan: `placed`, `held`, `kicked_out`, `out_of_scope`. */
    outcome: code(12),
    /** Why a Leaving loan leaves: its kickout or scope code. */
    code: nullable(code(80)),
    /** By the loan limits of the run, never the loan system's own flag. */
    high_balance: later(2, flag()),
    /** `coop`, `relocation` or `buydown`: loans a TBA pool may hold a share of; null = a standard loan. */
    non_standard: later(2, code(12)),
    /** Whether the custodian has certified the documents. */
    is_certified: later(2, flag()),
  },
  primaryKey: ['run_id', 'attempt', 'pool_name', 'loan_id'],
});
export type PoolGuideRow = RowOf<typeof poolGuideTable>;

/**
 * Step 5: one row per pool that holds loans after the run, with sums over its rows in `pfill_pool_guide`, so that a
 * report need not add up all loans of a run. Averages are weighted by amount over the loans that have the attribute.
 */
export const poolTotalsTable = defineTable('pfill_pool_totals', 'output', {
  columns: {
    ...runKey,
    pool_name: code(40),
    /** Null for an undesignated pool that stays so. */
    trade_id: nullable(code(30)),
    pool_kind: code(12),
    lock_pool: code(1),
    member_count: int(),
    /** Loans that were not in the pool before. */
    new_member_count: int(),
    amount: money(),
    wa_note_rate: nullable(rate()),
    min_note_rate: rate(),
    max_note_rate: rate(),
    wa_fico: nullable(decimal(8, 4)),
    wa_ltv: nullable(rate()),
    wa_dti: nullable(rate()),
    high_balance_amount: money(),
    coop_amount: money(),
    relocation_amount: money(),
    buydown_amount: money(),
    documents_outstanding_count: int(),
    documents_outstanding_amount: money(),
    /** Ids of the loans in the pool, sorted. */
    members_json: json(),
  },
  primaryKey: ['run_id', 'attempt', 'pool_name'],
  since: 5,
});
export type PoolTotalsRow = RowOf<typeof poolTotalsTable>;

/** Step 6: trades the desk could make at today's prices. */
export const syntheticTradeTable = defineTable('pfill_syn_trade_base', 'forensic', {
  columns: {
    ...runKey,
    /** `instrument|coupon|month|story`. */
    syn_trade_id: code(100),
    investor_instrument_name: code(40),
    coupon: rate(),
    settlement_month: code(7),
    settlement_date: date(),
    story: code(30),
    servicing: code(12),
    market_price: price(),
    cost_points: price(),
    /** Market less cost. */
    price: price(),
    bid_as_of: nullable(date()),
    /** Suggested new trade of the group (instrument, coupon, month), whole $1 MM; on the group's first story only. */
    suggested_amount: nullable(money()),
    /** Dollars that trade would gain on the loans grouped under it. */
    suggested_gain: nullable(money()),
    suggested_kickout_amount: nullable(money()),
    suggested_give_up_amount: nullable(money()),
    suggested_loan_count: nullable(int()),
  },
  primaryKey: ['run_id', 'attempt', 'syn_trade_id'],
});
export type SyntheticTradeRow = RowOf<typeof syntheticTradeTable>;

/** Step 6: the best alternative of each eligible loan by price and with carry. */
export const syntheticGuideTable = defineTable('pfill_syn_powerfill_guide', 'forensic', {
  columns: {
    ...runKey,
    loan_id: code(30),
    /** `price` or `price_plus_carry`. */
    ranked_by: code(20),
    syn_trade_id: code(100),
    amount: money(),
    price: price(),
    carry: price(),
    prx_plus_carry: price(),
    chosen_trade_id: nullable(code(30)),
    /** The chosen trade's figure of the same ranking. */
    chosen_score: nullable(price()),
    give_up: nullable(price()),
  },
  primaryKey: ['run_id', 'attempt', 'loan_id', 'ranked_by'],
});
export type SyntheticGuideRow = RowOf<typeof syntheticGuideTable>;

/** Step 6: every alternative of each eligible loan with both ranks. */
export const syntheticRankTable = defineTable('pfill_syn_powerfill_guide_all_rank', 'forensic', {
  columns: {
    ...runKey,
    loan_id: code(30),
    syn_trade_id: code(100),
    price: price(),
    carry: price(),
    prx_plus_carry: price(),
    rank_by_price: int(),
    rank_by_carry: int(),
  },
  primaryKey: ['run_id', 'attempt', 'loan_id', 'syn_trade_id'],
});
export type SyntheticRankRow = RowOf<typeof syntheticRankTable>;

/** Events of a run worth keeping after it failed. */
export const runLogTable = defineTable('pfill_powerfill_log', 'forensic', {
  columns: {
    ...runKey,
    seq: int(),
    step: code(40),
    /** `info` or `warning`. */
    level: code(10),
    code: code(60),
    message: text(2000),
  },
  primaryKey: ['run_id', 'attempt', 'seq'],
});
export type RunLogRow = RowOf<typeof runLogTable>;
