import { moneyText } from '../domain/money';

/** `error`: a run would fail or mean nothing. `warning`: it runs, but look at this first. */
export type Severity = 'error' | 'warning';

/** Every code of a finding with its severity; a test holds each in both directions. */
export const FINDING_CODES = {
  pipeline_empty: 'error',
  no_open_trade: 'error',
  instrument_missing: 'error',
  grid_missing: 'error',
  buy_up_grid_missing: 'error',
  payup_table_missing: 'error',
  rule_invalid: 'error',
  story_unknown: 'error',
  carry_curve_missing: 'error',
  locked_over_maximum: 'error',
  locked_breaks_limit: 'error',
  pool_designated_twice: 'error',
  amount_zero: 'error',
  pool_trade_closed: 'error',
  upstream_column_missing: 'error',
  active_run: 'error',
  setting_invalid: 'error',
  unknown_stage: 'warning',
  past_notification: 'warning',
  trade_without_constraint: 'warning',
  coupon_without_price: 'warning',
  trade_far_from_market: 'warning',
  high_balance_disagrees: 'warning',
  attribute_missing: 'warning',
  lock_expired: 'warning',
  loan_data_stale: 'warning',
  prices_stale: 'warning',
  room_out_of_range: 'warning',
  snapshot_off: 'warning',
  read_committed_snapshot_off: 'warning',
  upstream_column_optional: 'warning',
} as const satisfies Readonly<Record<string, Severity>>;
/** One of {@link FINDING_CODES}. */
export type FindingCode = keyof typeof FINDING_CODES;

/** One finding of the preflight. */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: Severity;
  /** Plain words: what is wrong and what to do. */
  readonly message: string;
  /** How many loans, trades, pools, rules it is about. */
  readonly count: number;
  /** Their dollars; null where it is not about dollars. */
  readonly dollars: string | null;
  /** The first ids. */
  readonly examples: readonly string[];
}

/** Something a finding is about; cents where it is about dollars. */
export interface Found {
  readonly id: string;
  readonly amount?: number;
}

const SHOWN_EXAMPLES = 5;

/** A finding about some things; none when there are none. */
export function finding(
  code: FindingCode,
  message: string,
  found: readonly Found[],
  severity: Severity = FINDING_CODES[code],
): Finding[] {
  if (found.length === 0) return [];
  const isDollars = found.some(({ amount }) => amount !== undefined);
  const sum = found.reduce((total, { amount = 0 }) => total + BigInt(amount), 0n);
  return [
    {
      code,
      severity,
      message,
      count: found.length,
      dollars: isDollars ? moneyText(sum) : null,
      examples: [...new Set(found.map(({ id }) => id))].slice(0, SHOWN_EXAMPLES),
    },
  ];
}

/** A finding about the tenant as a whole. */
export const wholeFinding = (code: FindingCode, message: string, examples: readonly string[] = []): Finding[] => [
  { code, severity: FINDING_CODES[code], message, count: Math.max(1, examples.length), dollars: null, examples },
];
