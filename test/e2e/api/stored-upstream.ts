import type { InstrumentRow } from '@powerfill/core/entities';

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
