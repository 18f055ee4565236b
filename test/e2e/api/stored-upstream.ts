import {
  loanTable,
  type InstrumentRow,
  type LoanRow,
  type SecuritizationRuleRow,
  type TradeRow,
} from '@powerfill/core/entities';

/** An instrument of a program that asks nothing of its loans. */
export const instrumentRow = (name: string, program: string): InstrumentRow => ({
  investor_instrument_name: name,
  investor_id: 'FNMA',
  instrument_type: 'mbs',
  program,
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

/** An open TBA trade of $5,000,000. */
export const tradeRow = (id: string, changes: Partial<TradeRow>): TradeRow => ({
  trade_id: id,
  trade_type: 'mbs',
  delivery_type: 'tba',
  investor_id: 'FNMA',
  counterparty: 'Dealer',
  investor_instrument_name: 'UMBS30',
  coupon: 5_500_000,
  story: null,
  contract_payup: null,
  pays_loan_payups: null,
  servicing: 'retained',
  price_includes_srp: null,
  interpolate: null,
  trade_amount: 500_000_000,
  paired_off_amount: null,
  delivered_amount: null,
  tolerance: 10_000,
  tolerance_down: null,
  tolerance_min_amount: null,
  tail_max: null,
  must_reach_amount: null,
  price: 10_125_000_000,
  pair_off_kind: null,
  pair_off_points: null,
  trade_date: '2026-11-02',
  settlement_date: '2026-12-14',
  lead_days: null,
  turn_days: null,
  status: 'open',
  ...changes,
});

/** A closed conventional loan of $100,000. */
export const loanRow = (id: string, changes: Partial<LoanRow>): LoanRow => ({
  ...(Object.fromEntries(Object.keys(loanTable.columns).map((name) => [name, null])) as unknown as LoanRow),
  loan_id: id,
  loan_amount: 10_000_000,
  note_rate: 6_125_000,
  curr_status: 'Closed',
  product: '30 YR',
  term_months: 360,
  agency_type: 'conventional',
  close_date: '2026-11-12',
  ...changes,
});

/** A rule about loans that says nothing yet. */
export const ruleRow = (name: string, changes: Partial<SecuritizationRuleRow>): SecuritizationRuleRow => ({
  rule_name: name,
  kind: 'loan',
  condition_text: null,
  function: null,
  column_name: null,
  limit_value: null,
  limit_sense: null,
  limit_scope: null,
  ...changes,
});
