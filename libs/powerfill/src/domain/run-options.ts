/** Options of a run after defaults are filled in; snake_case because this is the stored and the wire form (runs.md, section 2). */
export interface RunOptions {
  readonly scope: 'closed' | 'closed_and_locked';
  readonly min_status: string | null;
  /** `YYYY-MM-DD`. */
  readonly as_of_date: string;
  readonly max_eligible_days: number | null;
  readonly max_trade_settle_days: number;
  readonly price_mode: 'price' | 'price_plus_carry';
  /** Decimal text with 8 places, or null. */
  readonly bx_price_floor: string | null;
  readonly allocation_mode: 'priority' | 'global';
  readonly effort: 'interactive' | 'standard' | 'deep';
  readonly seed: number;
  /** `"market"` or decimal text with 8 places. */
  readonly reservation_price: string;
  /** Decimal text with 4 places, bp of the loan's amount. */
  readonly switch_cost_bp: string;
  /** Candidates kept per loan in the report table; 0 = all. */
  readonly candidates_kept_per_loan: number;
  readonly loan_ids: readonly string[] | null;
  readonly trade_ids: readonly string[] | null;
  readonly exclude_loan_ids: readonly string[] | null;
}

/** Defaults of every option but `as_of_date`, which is the tenant's business date. */
export const DEFAULT_RUN_OPTIONS: Omit<RunOptions, 'as_of_date'> = {
  scope: 'closed_and_locked',
  min_status: null,
  max_eligible_days: null,
  max_trade_settle_days: 90,
  price_mode: 'price_plus_carry',
  bx_price_floor: null,
  allocation_mode: 'priority',
  effort: 'standard',
  seed: 1,
  reservation_price: 'market',
  switch_cost_bp: '0.0000',
  candidates_kept_per_loan: 10,
  loan_ids: null,
  trade_ids: null,
  exclude_loan_ids: null,
};
