import type { RunOptions } from '../domain/run-options';
import {
  attach,
  constraint,
  fate,
  instrument,
  loan,
  loanRule,
  lockedLoan,
  pct,
  pts,
  trade,
  usd,
} from './candidate-builder-fixtures';
import type { RunInput } from './run-input';

/** Settlement of the trade is Monday 2026-12-14, as-of Monday 2026-11-23; no holidays. */

type Case = readonly [name: string, code: string, tables: Partial<RunInput>, options?: Partial<RunOptions>];

const stages = [
  { stage: 'In Process', seq: 1 },
  { stage: 'Approved', seq: 3 },
  { stage: 'Docs Out', seq: 4 },
  { stage: 'Suspended', seq: null },
];
const limits = [{ year: 2026, state: '*', county: '', units: 1, base_limit: usd(150_000), limit_amount: usd(190_000) }];
const cashInstrument = instrument({ instrument_type: 'cash', program: 'cash30', min_spread: null, max_spread: null });
const cashTrade = trade({ trade_type: 'wl', price: null, coupon: pct(6.25) });
const grid = [
  { trade_id: 'T1', note_rate: pct(6), price: pts(100) },
  { trade_id: 'T1', note_rate: pct(6.5), price: pts(101) },
];
const cash = { instruments: [cashInstrument], trades: [cashTrade], cashGrid: grid };
const bestEfforts = {
  instruments: [cashInstrument],
  trades: [trade({ trade_type: 'be', price: null, coupon: pct(6.25) })],
};
const pool = { pool_name: 'P1', investor_instrument_name: 'UMBS30', coupon: pct(5.5), status: 'open' };
const averageFico = {
  ...loanRule('wa_fico', ''),
  kind: 'pool',
  condition_text: null,
  function: 'average',
  column_name: 'fico',
  limit_value: 7_200_000,
  limit_sense: '>=',
  limit_scope: 'each',
};
const payup = {
  investor_instrument_name: 'UMBS30',
  coupon: pct(5.5),
  story: 'LLB175',
  effective_from: '2026-01-01',
  condition_text: 'orig_loan_amount <= 175000',
  quote: pts(21),
  div_by: 32,
};

const FAILING: readonly Case[] = [
  ['a locked loan when only closed ones are wanted', 'OUT_OF_SCOPE', { loans: [lockedLoan()] }, { scope: 'closed' }],
  ['a withdrawn loan', 'OUT_OF_SCOPE', { loans: [lockedLoan({ curr_status: 'Withdrawn' })] }],
  ['a loan without lock date', 'OUT_OF_SCOPE', { loans: [lockedLoan({ lock_date: null })] }],
  ['a shipped loan', 'NOT_AVAILABLE', { loans: [loan({ mkt_shipped_date: '2026-11-20' })] }],
  ['a loan without balance', 'NOT_AVAILABLE', { loans: [loan({ loan_amount: 0 })] }],
  [
    'a stage ranked below the minimum',
    'STAGE_BELOW_MIN',
    { loans: [lockedLoan()], stages },
    { min_status: 'Docs Out' },
  ],
  [
    'another stage than an unranked minimum',
    'STAGE_BELOW_MIN',
    { loans: [lockedLoan()], stages },
    { min_status: 'Suspended' },
  ],
  [
    'another status than a minimum no stage has',
    'STAGE_BELOW_MIN',
    { loans: [lockedLoan()], stages },
    { min_status: 'Rate Concession' },
  ],
  ['an expired lock', 'LOCK_EXPIRED', { loans: [lockedLoan({ lock_expiration_date: '2026-11-22' })] }],
  ['an excluded loan', 'EXCLUDED', {}, { exclude_loan_ids: ['L1'] }],
  ['a loan not among those wanted', 'EXCLUDED', {}, { loan_ids: ['L2'] }],
  ['a manual hold', 'HELD', { loans: [loan({ hold_reason: 'QC audit' })] }],
  [
    'a pool whose trade is not in the run',
    'POOL_TRADE_NOT_IN_RUN',
    { loans: [loan({ pool_name: 'P1' })], pools: [pool], tradePools: [{ trade_id: 'T9', pool_name: 'P1' }] },
  ],
  [
    'a locked pool without a trade',
    'LOCKED',
    { loans: [loan({ pool_name: 'P1' })], pools: [{ ...pool, status: 'submitted' }] },
  ],
  ['no constraint of the trade', 'NO_CONSTRAINT', { constraints: [] }],
  [
    'a constraint of another instrument only',
    'NO_CONSTRAINT',
    { constraints: [constraint({ investor_instrument_name: 'X' })] },
  ],
  [
    'a trade condition that fails',
    'NO_CONSTRAINT',
    { constraints: [constraint({ trade_condition: "settlement_month = '2027-01'" })] },
  ],
  [
    'a trade condition without data',
    'NO_CONSTRAINT',
    { constraints: [constraint({ trade_condition: "story = 'NY'" })] },
  ],
  ['another product', 'NO_MATCHING_INSTRUMENT', { loans: [loan({ product: 'conv20' })] }],
  ['a term too short', 'NO_MATCHING_INSTRUMENT', { loans: [loan({ term_months: 180 })] }],
  ['a term too long', 'NO_MATCHING_INSTRUMENT', { loans: [loan({ term_months: 361 })] }],
  ['another agency type', 'NO_MATCHING_INSTRUMENT', { loans: [loan({ agency_type: 'fha' })] }],
  ['another lien', 'LIEN', { loans: [loan({ lien: 2 })] }],
  ['no lien', 'LIEN', { loans: [loan({ lien: null })] }],
  ['another amortisation', 'AMORT_TYPE', { loans: [loan({ amort_type: 'arm' })] }],
  ['underwriting of no agency', 'AUS_MISMATCH', { loans: [loan({ aus_eligible: 'none' })] }],
  [
    'underwriting of the other agency',
    'AUS_MISMATCH',
    { loans: [loan({ aus_eligible: 'fhlmc' })], instruments: [instrument({ agency: 'fnma' })] },
  ],
  ['an amount over the area limit', 'OVER_LOAN_LIMIT', { loanLimits: limits }],
  ['31 days past due', 'DELINQUENT', { loans: [loan({ next_due_date: '2026-10-23' })] }],
  // 2026-01-14 to 2026-12-14 is eleven whole months; a first payment on 2025-12-14 makes twelve.
  ['twelve months of seasoning', 'TOO_SEASONED', { loans: [loan({ first_payment_date: '2025-12-14' })] }],
  ['no mortgage insurance over 80 % LTV', 'INSURANCE_MISSING', { loans: [loan({ ltv: pct(80.01) })] }],
  [
    'no case number of a government loan',
    'INSURANCE_MISSING',
    { loans: [loan({ agency_type: 'va' })], instruments: [instrument({ agency_type: 'government', agency: 'gnma' })] },
  ],
  // 16 business days before 2026-12-14 is 2026-11-20, gone by as-of.
  [
    'documents past the last day to certify',
    'DOCS_NOT_READY',
    { loans: [loan({ custody_status: null })], instruments: [instrument({ cert_days: 16 })] },
  ],
  [
    'documents the custodian refused, however far settlement is',
    'DOCS_NOT_READY',
    { loans: [loan({ custody_status: 'Exception ' })], instruments: [instrument({ cert_days: 0 })] },
  ],
  ['the other servicing', 'SERVICING_MISMATCH', { loans: [loan({ servicing_restriction: 'released' })] }],
  // Coupon 5.5: 5.75 to 6.625.
  ['a note rate under the band', 'RATE_OUT_OF_BAND', { loans: [loan({ note_rate: pct(5.749) })] }],
  ['a note rate over the band', 'RATE_OUT_OF_BAND', { loans: [loan({ note_rate: pct(6.626) })] }],
  ['a note rate outside the posted grid', 'RATE_OUT_OF_BAND', { ...cash, loans: [loan({ note_rate: pct(6.501) })] }],
  ['a cash trade that posts nothing', 'RATE_OUT_OF_BAND', { ...cash, cashGrid: [] }],
  ['an amount over the band', 'AMOUNT_OUT_OF_BAND', { constraints: [constraint({ hi_limit: usd(199_999.99) })] }],
  ['an amount under the band', 'AMOUNT_OUT_OF_BAND', { constraints: [constraint({ lo_limit: usd(200_000.01) })] }],
  ['a story it does not meet', 'STORY_NOT_MET', { trades: [trade({ story: 'LLB175' })], payups: [payup] }],
  ['a story nobody described', 'STORY_NOT_MET', { trades: [trade({ story: 'LLB999' })] }],
  ['best efforts it is not registered to', 'NOT_REGISTERED', bestEfforts],
  [
    'a rule it breaks',
    'RULE:min_fico',
    { rules: [loanRule('min_fico', 'fico >= 750')], constraintRules: [attach('min_fico')] },
  ],
  [
    'a rule without data',
    'RULE:min_fico (no data)',
    {
      loans: [loan({ fico: null })],
      rules: [loanRule('min_fico', 'fico >= 620')],
      constraintRules: [attach('min_fico')],
    },
  ],
  ['no date to close on', 'NO_CLOSE_DATE', { loans: [lockedLoan({ expected_close_date: null })] }],
  // Ready 2026-12-08 plus three business days is 2026-12-11; the latest for a security is 2026-12-10.
  [
    'a closing too late for the trade',
    'TOO_LATE_FOR_SETTLEMENT',
    { loans: [lockedLoan({ expected_close_date: '2026-12-08' })] },
  ],
  ['a closing later than the option allows', 'CLOSES_TOO_LATE', { loans: [lockedLoan()] }, { max_eligible_days: 6 }],
  // 6.25 gets the price of 6.25, interpolated 100.5.
  ['a grid price below the floor', 'BELOW_FLOOR', cash, { bx_price_floor: '100.50000001' }],
  [
    'no value of an averaged attribute',
    'MISSING_ATTRIBUTE',
    { loans: [loan({ fico: null })], rules: [averageFico], constraintRules: [attach('wa_fico')] },
  ],
  ['a trade without price', 'NO_PRICE', { trades: [trade({ price: null })] }],
  ['a coupon without buy-up grid', 'NO_PRICE', { buyUpDownGrid: [] }],
];

const PASSING: readonly Case[] = [
  ['the desk as it is', 'candidate', {}],
  ['a closed loan when only closed ones are wanted', 'candidate', {}, { scope: 'closed' }],
  ['a locked loan', 'candidate', { loans: [lockedLoan()] }],
  [
    'a concession, which is not closed but still locked',
    'candidate',
    { loans: [lockedLoan({ curr_status: 'Rate Concession' })] },
  ],
  ['a stage at the minimum', 'candidate', { loans: [lockedLoan()], stages }, { min_status: 'approved' }],
  [
    'the very stage of an unranked minimum',
    'candidate',
    { loans: [lockedLoan({ stage: 'Suspended' })], stages },
    { min_status: 'Suspended' },
  ],
  [
    'the very status of a minimum no stage has',
    'candidate',
    { loans: [lockedLoan()], stages },
    { min_status: 'locked' },
  ],
  ['a closed loan, whatever the minimum', 'candidate', { stages }, { min_status: 'Docs Out' }],
  ['a lock that expires today', 'candidate', { loans: [lockedLoan({ lock_expiration_date: '2026-11-23' })] }],
  ['a closed loan whose lock has expired', 'candidate', { loans: [loan({ lock_expiration_date: '2026-11-01' })] }],
  ['a loan among those wanted', 'candidate', {}, { loan_ids: ['L1'] }],
  ['a blank hold reason', 'candidate', { loans: [loan({ hold_reason: ' ' })] }],
  [
    'an open pool of another trade of the run',
    'candidate',
    { loans: [loan({ pool_name: 'P1' })], pools: [pool], tradePools: [{ trade_id: 'T1', pool_name: 'P1' }] },
  ],
  [
    'a trade condition that holds',
    'candidate',
    { constraints: [constraint({ trade_condition: "settlement_month = '2026-12' and coupon = 5.5" })] },
  ],
  [
    'an instrument that asks nothing',
    'candidate',
    {
      loans: [loan({ lien: null, amort_type: null, aus_eligible: null })],
      instruments: [instrument({ product: null, lien: null, amort_type: null, agency_type: null, agency: null })],
    },
  ],
  ['underwriting of one of the agencies', 'candidate', { loans: [loan({ aus_eligible: 'fhlmc' })] }],
  [
    'a government loan with case number, which Ginnie asks no underwriting of',
    'candidate',
    {
      loans: [loan({ agency_type: 'va', aus_eligible: 'none', case_number: '12-1', ltv: pct(100) })],
      instruments: [instrument({ agency_type: 'government', agency: 'gnma' })],
    },
  ],
  [
    'an amount over a limit the instrument does not ask about',
    'candidate',
    { loanLimits: limits, instruments: [instrument({ loan_limit_check: null })] },
  ],
  ['an amount at the limit', 'candidate', { loanLimits: [{ ...limits[0]!, limit_amount: usd(200_000) }] }],
  ['30 days past due', 'candidate', { loans: [loan({ next_due_date: '2026-10-24' })] }],
  ['eleven months of seasoning', 'candidate', { loans: [loan({ first_payment_date: '2025-12-15' })] }],
  ['insurance over 80 % LTV', 'candidate', { loans: [loan({ ltv: pct(95), mi_percent: pct(30) })] }],
  [
    'documents on the last day to certify',
    'candidate',
    { loans: [loan({ custody_status: null })], instruments: [instrument({ cert_days: 15 })] },
  ],
  [
    'refused documents where the instrument asks for none',
    'candidate',
    { loans: [loan({ custody_status: 'exception' })], instruments: [instrument({ cert_days: null })] },
  ],
  ["the trade's servicing", 'candidate', { loans: [loan({ servicing_restriction: 'Retained ' })] }],
  ['the lowest note rate', 'candidate', { loans: [loan({ note_rate: pct(5.75) })] }],
  ['the highest note rate', 'candidate', { loans: [loan({ note_rate: pct(6.625) })] }],
  ['the ends of a posted grid', 'candidate', { ...cash, loans: [loan({ note_rate: pct(6.5) })] }],
  [
    'the ends of an amount band',
    'candidate',
    { constraints: [constraint({ lo_limit: usd(200_000), hi_limit: usd(200_000) })] },
  ],
  [
    'a story it meets',
    'candidate',
    { loans: [loan({ orig_loan_amount: usd(175_000) })], trades: [trade({ story: 'LLB175' })], payups: [payup] },
  ],
  [
    'best efforts it is registered to, at its own price',
    'candidate',
    { ...bestEfforts, loans: [loan({ be_trade_id: 'T1', be_price: pts(101) })] },
  ],
  [
    'a rule it keeps',
    'candidate',
    { rules: [loanRule('min_fico', 'fico >= 740')], constraintRules: [attach('min_fico')] },
  ],
  ['a closing just in time', 'candidate', { loans: [lockedLoan({ expected_close_date: '2026-12-07' })] }],
  ['a closing as late as the option allows', 'candidate', { loans: [lockedLoan()] }, { max_eligible_days: 7 }],
  ['a closed loan, however long the option is', 'candidate', {}, { max_eligible_days: 0 }],
  ['a grid price at the floor', 'candidate', cash, { bx_price_floor: '100.50000000' }],
  ['a security, which has no floor', 'candidate', {}, { bx_price_floor: '150.00000000' }],
  ['an averaged attribute it has', 'candidate', { rules: [averageFico], constraintRules: [attach('wa_fico')] }],
  [
    'an attribute averaged over other loans only',
    'candidate',
    {
      loans: [loan({ fico: null })],
      rules: [{ ...averageFico, condition_text: "occupancy = 'investor'" }],
      constraintRules: [attach('wa_fico')],
    },
  ],
];

const named = (cases: readonly Case[]) =>
  cases.map(([name, code, tables, options]) => ({ name, code, tables, options }));

describe('the check table', () => {
  it.each(named(FAILING))('$name fails with $code', async ({ code, tables, options }) => {
    expect(await fate(tables, options)).toBe(code);
  });

  it.each(named(PASSING))('$name is a $code', async ({ code, tables, options }) => {
    expect(await fate(tables, options)).toBe(code);
  });

  it('reports the earlier of two failures, in the order of the table', async () => {
    // Each failure on top of all later ones; from LIEN on they are the loan's or the desk's own and can be combined.
    const breaks: readonly (readonly [code: string, columns: Parameters<typeof loan>[0]])[] = [
      ['LOCK_EXPIRED', { lock_expiration_date: '2026-11-01' }],
      ['HELD', { hold_reason: 'x' }],
      ['NO_MATCHING_INSTRUMENT', { product: 'x' }],
      ['LIEN', { lien: 2 }],
      ['AMORT_TYPE', { amort_type: 'arm' }],
      ['AUS_MISMATCH', { aus_eligible: 'none' }],
      ['OVER_LOAN_LIMIT', { orig_loan_amount: usd(9_000_000) }],
      ['DELINQUENT', { next_due_date: '2026-01-01' }],
      ['TOO_SEASONED', { first_payment_date: '2020-01-01' }],
      ['INSURANCE_MISSING', { ltv: pct(97) }],
      ['DOCS_NOT_READY', { custody_status: null }],
      ['SERVICING_MISMATCH', { servicing_restriction: 'released' }],
      ['RATE_OUT_OF_BAND', { note_rate: pct(9) }],
      ['AMOUNT_OUT_OF_BAND', { loan_amount: usd(900_000) }],
      ['RULE:min_fico', { fico: 600 }],
      ['TOO_LATE_FOR_SETTLEMENT', { expected_close_date: '2026-12-11' }],
    ];
    const tables: Partial<RunInput> = {
      instruments: [instrument({ cert_days: 16 })],
      loanLimits: [{ ...limits[0]!, limit_amount: usd(500_000) }],
      constraints: [constraint({ hi_limit: usd(800_000) })],
      rules: [loanRule('min_fico', 'fico >= 620')],
      constraintRules: [attach('min_fico')],
    };
    let columns: Parameters<typeof loan>[0] = {};
    for (const [code, broken] of [...breaks].reverse()) {
      columns = { ...columns, ...broken };
      expect(await fate({ ...tables, loans: [lockedLoan(columns)] })).toBe(code);
    }
  });
});
