import type { TableDefinition } from '@powerfill/database';
import { DELIVERY_RULES } from '../pooling/good-delivery';

/** What a column accepts beyond its type; bounds in the column's own unit (dollars, percent, points), both included. */
export interface ValueRule {
  readonly oneOf?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  /** Must be greater than zero. */
  readonly positive?: true;
  /** A whole pattern, and how to say it. */
  readonly pattern?: readonly [RegExp, string];
  /** The empty text is a value of this required column. */
  readonly mayBeEmpty?: true;
}

const SERVICING: ValueRule = { oneOf: ['retained', 'released'] };
const SIGNED: ValueRule = { min: Number.NEGATIVE_INFINITY };
const PERCENT: ValueRule = { min: 0, max: 100 };
const SHARE: ValueRule = { min: 0, max: 1 };
const POSITIVE: ValueRule = { positive: true };
const AT_LEAST_ONE: ValueRule = { min: 1 };
const STATE: readonly [RegExp, string] = [/^(?:[A-Z]{2}|\*)$/, 'two capital letters, or * for the nation'];

/** Rules by table and column; numbers not named here must not be negative. */
export const VALUE_RULES: Readonly<Record<string, Readonly<Record<string, ValueRule>>>> = {
  loan: {
    loan_amount: POSITIVE,
    orig_loan_amount: POSITIVE,
    issue_date_prin_bal: POSITIVE,
    note_rate: { min: 0, max: 30 },
    term_months: { min: 1, max: 600 },
    agency_type: { oneOf: ['conventional', 'fha', 'va', 'usda'] },
    lien: { min: 1, max: 9 },
    amort_type: { oneOf: ['fixed', 'arm'] },
    aus_eligible: { oneOf: ['fnma', 'fhlmc', 'both', 'none'] },
    servicing_restriction: SERVICING,
    mi_percent: PERCENT,
    pull_through: SHARE,
    property_state: { pattern: [/^[A-Z]{2}$/, 'two capital letters'] },
    property_type: { oneOf: ['sf', 'pud', 'condo', 'mh', 'coop', '2-4 unit'] },
    occupancy: { oneOf: ['primary', 'second', 'investor'] },
    purpose: { oneOf: ['purchase', 'cashout', 'rateterm'] },
    units: { min: 1, max: 4 },
    fico: { min: 300, max: 850 },
    high_balance_indicator: { oneOf: ['Y', 'N'] },
  },
  pscat_instruments: {
    instrument_type: { oneOf: ['mbs', 'cash'] },
    min_spread: SIGNED,
    max_spread: SIGNED,
    lien: { min: 1, max: 9 },
  },
  pscat_trades: {
    trade_type: { oneOf: ['mbs', 'wl', 'be'] },
    delivery_type: { oneOf: ['tba', 'stip', 'cash', 'bulk'] },
    contract_payup: SIGNED,
    servicing: SERVICING,
    trade_amount: POSITIVE,
    tolerance: PERCENT,
    tolerance_down: PERCENT,
    price: POSITIVE,
    pair_off_kind: { oneOf: ['two_way', 'one_way', 'fixed', 'none'] },
    pair_off_points: SIGNED,
    lead_days: { min: 0, max: 365 },
    turn_days: { min: 0, max: 365 },
  },
  pscat_trade_cash_grid: { price: POSITIVE },
  pscat_pools: { status: { oneOf: ['open', 'submitted', 'certified', 'issued'] } },
  pscat_securitization_rules: {
    kind: { oneOf: ['loan', 'pool'] },
    function: { oneOf: ['count', 'sum', 'percent', 'average'] },
    limit_value: SIGNED,
    limit_sense: { oneOf: ['<=', '>=', '='] },
    limit_scope: { oneOf: ['each', 'together'] },
  },
  rmusr_payups: { quote: SIGNED, div_by: AT_LEAST_ONE },
  rmusr_price_adjustments: { quote: SIGNED, div_by: AT_LEAST_ONE, kind: { oneOf: ['llpa', 'srp', 'feature'] } },
  rmusr_market_prices: {
    settlement_month: { pattern: [/^\d{4}-(?:0[1-9]|1[0-2])$/, 'a month YYYY-MM'] },
    story: { mayBeEmpty: true },
    price: POSITIVE,
    servicing: SERVICING,
  },
  ref_loan_limits: {
    year: { min: 1990, max: 2200 },
    state: { pattern: STATE },
    county: { mayBeEmpty: true },
    units: { min: 1, max: 4 },
    base_limit: POSITIVE,
    limit_amount: POSITIVE,
  },
  pfill_constraints: { row_version: AT_LEAST_ONE },
  pfill_carry_cost: { annual_rate: { min: 0, max: 100 } },
  pfill_carry_curve: { note_day_count: AT_LEAST_ONE, funding_day_count: AT_LEAST_ONE, funded_share: SHARE },
  pfill_good_delivery: { rule_name: { oneOf: Object.keys(DELIVERY_RULES) } },
  pfill_lockdown_guide: { lock_pool: { oneOf: ['N', 'Y', 'O'] }, source: { oneOf: ['user', 'upstream'] } },
};

const NONE: ValueRule = {};

/** The rule of a column. */
export const valueRule = (table: TableDefinition, column: string): ValueRule =>
  VALUE_RULES[table.name]?.[column] ?? NONE;
