import { DEFAULT_RUN_OPTIONS, type RunOptions } from '../domain/run-options';
import type { ConstraintRow, InstrumentRow, LoanRow, SecuritizationRuleRow, TradeRow } from '../entities';
import { AS_OF, instrumentRow, loanRow, pct, pts, runInput, tradeRow, usd } from './allocation/step-fixtures';
import { CandidateBuilderStep } from './candidate-builder.step';
import { CashGridsStep } from './cash-grids.step';
import type { RunInput } from './run-input';
import type { StepControl, StepOutcome } from './run-step';
import { SettleAndPriceStep } from './settle-and-price.step';
import type { CandidateSet, EligibleLoan, StepResults } from './step-results';

/** A small desk for the unit tests of steps 1 to 3: one loan, one UMBS 30 trade it fits, and what a test changes. */

export const CONTROL: StepControl = {
  signal: new AbortController().signal,
  progress: () => undefined,
  breathe: () => Promise.resolve(),
};

/** A closed loan that passes every check of `instrument()` and `trade()`. */
export const loan = (columns: Partial<LoanRow> = {}): LoanRow =>
  loanRow('L1', {
    loan_amount: usd(200_000),
    orig_loan_amount: usd(200_000),
    note_rate: pct(6.25),
    close_date: '2026-11-10',
    funded_date: '2026-11-12',
    first_payment_date: '2027-01-01',
    next_due_date: '2027-01-01',
    custody_status: 'certified',
    property_state: 'TX',
    property_county: 'Harris',
    units: 1,
    ltv: pct(80),
    fico: 740,
    ...columns,
  });

/** The same loan, locked and not closed yet. */
export const lockedLoan = (columns: Partial<LoanRow> = {}): LoanRow =>
  loan({
    curr_status: 'Locked',
    stage: 'Approved',
    lock_date: '2026-11-01',
    lock_expiration_date: '2026-12-20',
    close_date: null,
    funded_date: null,
    expected_close_date: '2026-11-30',
    ...columns,
  });

export const instrument = (columns: Partial<InstrumentRow> = {}): InstrumentRow => ({
  ...instrumentRow('UMBS30'),
  investor_id: 'UMBS',
  product: 'conv30',
  term_min: 181,
  term_max: 360,
  lien: 1,
  amort_type: 'fixed',
  agency_type: 'conventional',
  agency: 'fnma,fhlmc',
  min_spread: pct(0.25),
  max_spread: pct(1.125),
  base_servicing: pct(0.25),
  max_servicing: pct(0.5),
  msr_multiple: 50_000,
  max_age_months: 11,
  max_days_past_due: 30,
  cert_days: 2,
  loan_limit_check: true,
  ...columns,
});

export const trade = (columns: Partial<TradeRow> = {}): TradeRow =>
  tradeRow('T1', { investor_id: 'UMBS', trade_amount: usd(5_000_000), lead_days: 3, ...columns });

export const constraint = (columns: Partial<ConstraintRow> = {}): ConstraintRow => ({
  investor_id: 'UMBS',
  investor_instrument_name: 'UMBS30',
  constraint_name: 'all',
  constraint_priority: 60,
  lo_limit: null,
  hi_limit: null,
  trade_condition: null,
  row_version: 1,
  ...columns,
});

export const loanRule = (name: string, condition: string): SecuritizationRuleRow => ({
  rule_name: name,
  kind: 'loan',
  condition_text: condition,
  function: null,
  column_name: null,
  limit_value: null,
  limit_sense: null,
  limit_scope: null,
});

/** Attaches a rule to a constraint. */
export const attach = (ruleName: string, to: ConstraintRow = constraint()) => ({
  investor_id: to.investor_id,
  investor_instrument_name: to.investor_instrument_name,
  constraint_name: to.constraint_name,
  rule_name: ruleName,
});

/** A flat carry curve of 6 % for every instrument, and the grid of coupon 5.5: fee 0.50, multiples 2.0 and 2.9. */
export const desk = (tables: Partial<RunInput> = {}, options: Partial<RunOptions> = {}): RunInput =>
  runInput(
    { ...DEFAULT_RUN_OPTIONS, as_of_date: AS_OF, ...options },
    {
      loans: [loan()],
      instruments: [instrument()],
      trades: [trade()],
      constraints: [constraint()],
      buyUpDownGrid: [
        {
          investor_instrument_name: 'UMBS30',
          coupon: pct(5.5),
          effective_from: '2026-01-01',
          guarantee_fee: pct(0.5),
          buy_up_multiple: 20_000,
          buy_down_multiple: 29_000,
        },
      ],
      carryCost: [{ investor_instrument_name: '*', on_day: 0, to_day: 365, annual_rate: pct(6) }],
      ...tables,
    },
  );

export interface BuiltRun {
  readonly results: StepResults;
  readonly candidates: CandidateSet;
  readonly outcomes: readonly [StepOutcome, StepOutcome, StepOutcome];
}

/** Runs steps 1 to 3. */
export async function build(input: RunInput): Promise<BuiltRun> {
  const results: StepResults = {};
  const grids = await new CashGridsStep().run(input, results, CONTROL);
  const priced = await new SettleAndPriceStep().run(input, results, CONTROL);
  const built = await new CandidateBuilderStep().run(input, results, CONTROL);
  if (results.candidates === undefined) throw new Error('Step 3 left no candidates.');
  return { results, candidates: results.candidates, outcomes: [grids, priced, built] };
}

/** The first eligible loan of a run of the desk. */
export async function buildLoan(
  tables: Partial<RunInput> = {},
  options: Partial<RunOptions> = {},
): Promise<EligibleLoan> {
  const { candidates } = await build(desk(tables, options));
  const [first] = candidates.loans;
  if (first === undefined) throw new Error(`Out of scope: ${candidates.outOfScope[0]?.code ?? 'no loan'}`);
  return first;
}

/** How loan L1 ends in step 3: out of scope or excluded, held, a candidate, or the code it failed with. */
export async function fate(tables: Partial<RunInput> = {}, options: Partial<RunOptions> = {}): Promise<string> {
  const { candidates } = await build(desk(tables, options));
  const [out] = candidates.outOfScope;
  if (out !== undefined) return out.code;
  const [first] = candidates.loans;
  return (
    first?.excludedCode ??
    first?.held?.code ??
    (first?.candidates.length === 1 ? 'candidate' : (first?.furthest?.code ?? 'nothing'))
  );
}

export { AS_OF, pct, pts, usd };
