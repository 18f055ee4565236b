import { wholeMonthsBetween } from '../domain/calendar';
import type { DayCalendar } from '../pricing/day-calendar';
import type { PairPricer } from '../pricing/pair-pricer';
import type { InstrumentTerms, SaleTerms } from '../pricing/sale-terms';
import { meetsStory } from '../pricing/stories';
import { foldString } from '../rules';
import type { CheckCode } from './check-codes';
import type { ConditionSet } from './condition-set';
import type { LoanFacts } from './loan-facts';

/** What checks need besides the pair. */
export interface CheckContext {
  readonly asOfDay: number;
  readonly days: DayCalendar;
  readonly conditions: ConditionSet;
  readonly pricer: PairPricer;
  /** `max_eligible_days`; null = unbounded. */
  readonly maxEligibleDays: number | null;
  /** `bx_price_floor` in 1e-8 point; null = none. */
  readonly priceFloor: number | null;
}

/** A check that depends on the instrument alone, so that a loan asks it once per instrument. */
export interface InstrumentCheck {
  readonly code: CheckCode;
  passes(facts: LoanFacts, instrument: InstrumentTerms): boolean;
}

/** A check of a loan against one sale. */
export interface SaleCheck {
  readonly code: CheckCode;
  passes(facts: LoanFacts, sale: SaleTerms, context: CheckContext): boolean;
}

/** Loan-to-value above which a conventional loan needs mortgage insurance: 80 %. */
const LTV_WITHOUT_INSURANCE = 80_000_000;

const accepts = (wanted: ReadonlySet<string> | null, text: string | null): boolean =>
  wanted === null || wanted.has(foldString(text ?? ''));

const within = (value: number, low: number | null, high: number | null): boolean =>
  (low === null || value >= low) && (high === null || value <= high);

/** Checks from the instrument to delinquency, in the order of the table (engine.md, step 3). */
export const INSTRUMENT_CHECKS: readonly InstrumentCheck[] = [
  {
    code: 'NO_MATCHING_INSTRUMENT',
    passes: ({ loan, agencyType }, { row, products, agencyTypes }) =>
      accepts(products, loan.product) &&
      within(loan.term_months, row.term_min, row.term_max) &&
      (agencyTypes === null || agencyTypes.has(agencyType)),
  },
  { code: 'LIEN', passes: ({ loan }, { row }) => row.lien === null || loan.lien === row.lien },
  { code: 'AMORT_TYPE', passes: ({ loan }, { amortTypes }) => accepts(amortTypes, loan.amort_type) },
  { code: 'AUS_MISMATCH', passes: ({ loan }, { underwriting }) => accepts(underwriting, loan.aus_eligible) },
  {
    code: 'OVER_LOAN_LIMIT',
    passes: ({ overLoanLimit }, { row }) => row.loan_limit_check !== true || !overLoanLimit,
  },
  {
    code: 'DELINQUENT',
    passes: ({ daysPastDue }, { row }) => row.max_days_past_due === null || daysPastDue <= row.max_days_past_due,
  },
];

/** Checks from seasoning to the note-rate band. A date a loan does not have yet cannot fail it. */
export const SALE_CHECKS: readonly SaleCheck[] = [
  {
    code: 'TOO_SEASONED',
    passes: ({ loan }, { instrument, settlementDate }) =>
      instrument.row.max_age_months === null ||
      loan.first_payment_date === null ||
      wholeMonthsBetween(loan.first_payment_date, settlementDate) <= instrument.row.max_age_months,
  },
  {
    code: 'INSURANCE_MISSING',
    passes: ({ loan, conventional }) =>
      conventional
        ? loan.ltv === null || loan.ltv <= LTV_WITHOUT_INSURANCE || (loan.mi_percent ?? 0) > 0
        : (loan.case_number ?? '').trim() !== '',
  },
  {
    // Documents not examined yet can be certified until the last day for it; those refused are not counted on.
    code: 'DOCS_NOT_READY',
    passes: ({ custody }, { certifyByDay }, { asOfDay }) =>
      custody === 'certified' || certifyByDay === null || (custody === 'open' && asOfDay <= certifyByDay),
  },
  {
    code: 'SERVICING_MISMATCH',
    passes: ({ loan }, { servicing }) =>
      loan.servicing_restriction === null ||
      loan.servicing_restriction.trim() === '' ||
      foldString(loan.servicing_restriction) === servicing,
  },
  {
    code: 'RATE_OUT_OF_BAND',
    passes: ({ loan }, sale) =>
      (sale.lowestRate <= loan.note_rate && loan.note_rate <= sale.highestRate) ||
      (sale.tradeType === 'be' && loan.be_trade_id === sale.id && loan.be_price !== null),
  },
];

/** Checks between the constraint's amount band and its rules. */
export const STORY_CHECKS: readonly SaleCheck[] = [
  {
    code: 'STORY_NOT_MET',
    passes: (facts, { story }, { conditions }) => story === null || meetsStory(story, facts, conditions),
  },
  {
    code: 'NOT_REGISTERED',
    passes: ({ loan }, { tradeType, id }) => tradeType !== 'be' || loan.be_trade_id === id,
  },
];

/** Checks of the loan's dates against delivery. */
export const DELIVERY_CHECKS: readonly SaleCheck[] = [
  { code: 'NO_CLOSE_DATE', passes: ({ readyDay }) => readyDay !== null },
  {
    code: 'TOO_LATE_FOR_SETTLEMENT',
    passes: ({ readyDay }, { leadDays, readyByDay }, { days }) =>
      readyDay !== null && days.addBusinessDays(readyDay, leadDays) <= readyByDay,
  },
  {
    code: 'CLOSES_TOO_LATE',
    passes: ({ closed, expectedCloseDay }, _sale, { asOfDay, maxEligibleDays }) =>
      closed ||
      maxEligibleDays === null ||
      (expectedCloseDay !== null && expectedCloseDay <= asOfDay + maxEligibleDays),
  },
];

/** The floor holds for what a cash trade posts, before pay-ups and adjustments. */
export const FLOOR_CHECK: SaleCheck = {
  code: 'BELOW_FLOOR',
  passes: (facts, sale, { pricer, priceFloor }) =>
    priceFloor === null || sale.tradeType === 'mbs' || (pricer.basePrice(facts, sale) ?? priceFloor) >= priceFloor,
};
