import {
  candidateTable,
  cashMarketMapTable,
  guideTable,
  kickoutTable,
  poolGuideTable,
  runHistoryTable,
  runInputTable,
  syntheticTradeTable,
  tradeBaseTable,
  type CandidateRow,
  type CashMarketMapRow,
  type GuideRow,
  type KickoutRow,
  type PoolGuideRow,
  type RunHistoryRow,
  type SyntheticTradeRow,
  type TradeBaseRow,
} from '@powerfill/core/entities';
import { resolveRunOptions } from '@powerfill/core/domain/run-options-resolution';
import type { RunStatus } from '@powerfill/core/domain/run-status';
import { runResponse } from '@powerfill/core/runs/run-response';
import type { RunProgress } from '@powerfill/core/domain/run-response';
import { initialProgress } from '@powerfill/core/runs/run-progress';
import { randomUUID } from 'node:crypto';
import type { TestTenant } from './running-api';

/** A run as it stands in the database, without any worker. */
export interface StoredRun {
  readonly runId: string;
  readonly attempt: number;
}

const POINT = 1e8;

/** Stores a run; the n-th minute of the day orders them. */
export async function storeRun(
  { dataSource, dialect, tenantId }: TestTenant,
  status: RunStatus,
  minute: number,
  changes: Partial<RunHistoryRow> = {},
  produced?: RunProgress,
): Promise<StoredRun> {
  const startedAt = new Date(Date.UTC(2026, 10, 23, 12, minute));
  const ended = ['Complete', 'Failed', 'Cancelled'].includes(status);
  const row: RunHistoryRow = {
    run_id: randomUUID(),
    tenant_id: tenantId,
    status,
    requested_by: 'trader.one',
    started_at: startedAt,
    completed_at: ended ? new Date(startedAt.getTime() + 30_000) : null,
    options_json: JSON.stringify(resolveRunOptions({ as_of_date: '2026-11-23' }, '2026-11-23')),
    loan_count: null,
    trade_count: null,
    allocated_count: null,
    held_count: null,
    kickout_count: null,
    input_loan_ids_json: null,
    input_sha256: null,
    failure_step: null,
    failure_message: null,
    response_json: null,
    progress_json: null,
    owner_token: null,
    attempt: 2,
    heartbeat_at: null,
    claimed_at: null,
    cancel_requested_at: null,
    takeover_count: 0,
    handback_count: 0,
    pending_since: null,
    accepted_at: null,
    accepted_by: null,
    outputs_purged_at: null,
    outputs_deleted_at: null,
    swept_attempt: 0,
    ...changes,
  };
  const dollars = {
    pipeline: '900000.00',
    out_of_scope: '0.00',
    eligible: '900000.00',
    placed: '600000.00',
    held: '0.00',
    kicked_out: '300000.00',
  };
  const progress = produced ?? {
    ...initialProgress(),
    ...(status === 'Complete' ? { dollars_by_outcome: dollars } : {}),
  };
  if (ended) row.response_json = JSON.stringify(runResponse(row, progress));
  await dialect.insertRows(dataSource, runHistoryTable, [row]);
  return { runId: row.run_id, attempt: row.attempt };
}

const keyOf = ({ runId, attempt }: StoredRun) => ({ run_id: runId, attempt });

/** A guide row; prices in points of par. */
export function guideRow(run: StoredRun, loanId: string, cents: number, price = 101.25, carry = 0.125): GuideRow {
  return {
    ...keyOf(run),
    loan_id: loanId,
    trade_id: 'T1',
    investor_id: 'FNMA',
    investor_instrument_name: 'UMBS30',
    constraint_name: 'all',
    constraint_priority: 10,
    amount: cents,
    note_rate: 6_125_000,
    base_price: price * POINT,
    pay_up: 0,
    pay_up_story: null,
    buy_up_down: 0,
    servicing_value: 0,
    adjustments: 0,
    price: price * POINT,
    carry: carry * POINT,
    prx_plus_carry: (price + carry) * POINT,
    score: (price + carry) * POINT,
    interest_earning_days: 21,
    delivery_date: '2026-12-14',
    value_amount: 0,
    reservation_price: 100 * POINT,
    switch_cost_amount: 0,
    buy_up_bp: 0,
    retained_excess_bp: 0,
    days_on_line: 12,
    lock_expiration_date: null,
    is_locked: false,
    trade_rank: 1,
    second_trade_id: null,
    second_score: null,
    pool_name: null,
    recommended_pool: 'N-T1',
    pool_action: 'Joining',
    alternative_id: null,
    alternative_score: null,
    give_up: null,
  };
}

/** A kickout. */
export function kickoutRow(
  run: StoredRun,
  loanId: string,
  cents: number,
  code: string,
  pool: string | null,
): KickoutRow {
  return {
    ...keyOf(run),
    loan_id: loanId,
    amount: cents,
    note_rate: 6_125_000,
    pool_name: pool,
    code,
    reason: `Because of ${code}`,
    candidate_count: 1,
    code_counts_json: '{"RATE_OUT_OF_BAND":2}',
    nearest_trade_id: 'T1',
    nearest_score: 101 * POINT,
    reservation_price: 100 * POINT,
    margin_points: -POINT / 2,
    displaced_by: null,
    days_since_close: 4,
    days_to_lock_expiry: null,
    alternative_id: 'UMBS30|5.5|2027-01|',
    alternative_score: null,
  };
}

/** A trade with $5,000,000 due and `cents` placed. */
export function tradeRow(run: StoredRun, cents: number): TradeBaseRow {
  return {
    ...keyOf(run),
    trade_id: 'T1',
    trade_type: 'mbs',
    delivery_type: 'tba',
    investor_id: 'FNMA',
    counterparty: '=cmd()',
    investor_instrument_name: 'UMBS30',
    product: '30 YR',
    coupon: 5_500_000,
    story: null,
    servicing: 'retained',
    trade_date: '2026-10-01',
    settlement_date: '2026-12-14',
    notification_date: '2026-12-10',
    trade_amount: 500_000_000,
    paired_off_amount: 0,
    delivered_amount: 0,
    obligation_amount: 500_000_000,
    tolerance_down_amount: 50_000,
    tolerance_up_amount: 50_000,
    tail_max: 0,
    must_reach_amount: null,
    target_amount: 500_000_000,
    min_amount: 499_950_000,
    min_amount_before_horizon: 499_950_000,
    max_amount: 500_050_000,
    past_horizon: false,
    price: 101.25 * POINT,
    market_price: 101 * POINT,
    pair_off_kind: 'two_way',
    pair_off_points: 0,
    fill_amount: cents,
    fill_count: 2,
    fill_closed_amount: cents,
    fill_locked_amount: 0,
    fill_pull_through_amount: cents,
    pool_locked_amount: 0,
    tail_amount: 0,
    wa_note_rate: 6_125_000,
    wa_fico: null,
    wa_ltv: null,
    wa_dti: null,
    high_balance_amount: 0,
    top_state: null,
    top_state_amount: null,
    not_certified_amount: 0,
    status: 'Short',
    pair_off_cost: 0,
    shadow_price: 0,
    limits_json:
      '[{"limit":"hb_10pct@T1","kind":"share","value":"0.05000000","min":null,"max":"0.10000000","shadow_price":"0.00000000"}]',
  };
}

/** A candidate at a score in points of par. */
export function candidateRow(
  run: StoredRun,
  loanId: string,
  tradeId: string,
  rank: number,
  score: number,
): CandidateRow {
  const { base_price: base, ...guide } = guideRow(run, loanId, 10_000_000, score, 0);
  return {
    ...keyOf(run),
    loan_id: loanId,
    trade_id: tradeId,
    rank_no: rank,
    investor_id: guide.investor_id,
    investor_instrument_name: guide.investor_instrument_name,
    constraint_name: guide.constraint_name,
    constraint_priority: guide.constraint_priority,
    amount: guide.amount,
    base_price: base,
    pay_up: 0,
    pay_up_story: null,
    buy_up_down: 0,
    servicing_value: 0,
    adjustments: 0,
    price: guide.price,
    carry: 0,
    prx_plus_carry: guide.price,
    score: guide.price,
    interest_earning_days: 0,
    delivery_date: '2026-12-14',
    is_locked: false,
    warning_codes: null,
  };
}

/** A loan's row on the side of one pool, which is designated to T1 unless `changes` say otherwise. */
export function poolRow(
  run: StoredRun,
  poolName: string,
  loanId: string,
  action: string,
  cents: number,
  changes: Partial<PoolGuideRow>,
): PoolGuideRow {
  return {
    ...keyOf(run),
    pool_name: poolName,
    loan_id: loanId,
    action,
    trade_id: 'T1',
    other_pool_name: null,
    other_trade_id: null,
    pool_kind: 'existing',
    lock_pool: 'N',
    amount: cents,
    note_rate: 6_125_000,
    fico: null,
    ltv: null,
    dti: null,
    outcome: 'placed',
    code: null,
    high_balance: false,
    non_standard: null,
    is_certified: true,
    ...changes,
  };
}

/** The alternative of the kickouts, with a suggestion to sell $1,000,000. */
export function alternativeRow(run: StoredRun): SyntheticTradeRow {
  return {
    ...keyOf(run),
    syn_trade_id: 'UMBS30|5.5|2027-01|',
    investor_instrument_name: 'UMBS30',
    coupon: 5_500_000,
    settlement_month: '2027-01',
    settlement_date: '2027-01-14',
    story: '',
    servicing: 'retained',
    market_price: 101 * POINT,
    cost_points: 3_125_000,
    price: 101 * POINT - 3_125_000,
    bid_as_of: null,
    suggested_amount: 100_000_000,
    suggested_gain: 12_345,
    suggested_kickout_amount: 30_000_000,
    suggested_give_up_amount: 0,
    suggested_loan_count: 2,
  };
}

/** Stores output rows of a run. */
export async function storeOutputs(
  { dataSource, dialect }: TestTenant,
  rows: {
    readonly guide?: GuideRow[];
    readonly kickouts?: KickoutRow[];
    readonly trades?: TradeBaseRow[];
    readonly alternatives?: SyntheticTradeRow[];
    readonly candidates?: CandidateRow[];
    readonly pools?: PoolGuideRow[];
    readonly cashGrid?: CashMarketMapRow[];
    readonly problem?: { readonly run: StoredRun; readonly gzip: Buffer };
  },
): Promise<void> {
  await dialect.insertRows(dataSource, guideTable, rows.guide ?? []);
  await dialect.insertRows(dataSource, kickoutTable, rows.kickouts ?? []);
  await dialect.insertRows(dataSource, tradeBaseTable, rows.trades ?? []);
  await dialect.insertRows(dataSource, candidateTable, rows.candidates ?? []);
  await dialect.insertRows(dataSource, poolGuideTable, rows.pools ?? []);
  await dialect.insertRows(dataSource, cashMarketMapTable, rows.cashGrid ?? []);
  await dialect.insertRows(dataSource, syntheticTradeTable, rows.alternatives ?? []);
  if (rows.problem) {
    const row = { ...keyOf(rows.problem.run), problem_gzip: rows.problem.gzip };
    await dialect.insertRows(dataSource, runInputTable, [row]);
  }
}
