import { parseScaled } from '@powerfill/database';
import { maxDate, type IsoDate } from '../domain/calendar';
import { isSecurityInstrument } from '../pricing/sale-terms-factory';
import { foldString } from '../rules';
import type { InstrumentRow, LoanRow } from '../entities';
import { loanFound, type PreflightContext, type ScopedLoan } from './context';
import { finding, wholeFinding, type Finding } from './finding';

/** Statuses that end a lock. */
const ENDED = new Set(['denied', 'withdrawn', 'expired']);
/** Note rates a window takes past its last quoted one, 1e-6 percent. */
const LAST_BAND = 500_000;

/** What is wrong with the pipeline. */
export function loanChecks(context: PreflightContext): Finding[] {
  const { input, loans } = context;
  const stages = new Set(input.stages.map(({ stage }) => foldString(stage)));
  const open = input.loans.filter(
    ({ curr_status: status, mkt_shipped_date: shipped }) =>
      foldString(status) !== 'closed' && !ENDED.has(foldString(status)) && shipped === null,
  );
  return [
    ...(loans.length > 0
      ? []
      : wholeFinding('pipeline_empty', 'No loan is in the scope of the run; load the pipeline.')),
    ...finding(
      'amount_zero',
      'Loans without a balance take no part; correct them.',
      input.loans
        .filter(
          ({ issue_date_prin_bal: issue, loan_amount: now, mkt_shipped_date: shipped }) =>
            shipped === null && (issue ?? now) <= 0,
        )
        .map(({ loan_id: id }) => ({ id, amount: 0 })),
      'error',
    ),
    ...finding(
      'unknown_stage',
      'Loans are in a stage that pscat_loan_stages does not know; min_status leaves them out.',
      loans
        .filter(({ loan, closed }) => !closed && loan.stage !== null && !stages.has(foldString(loan.stage)))
        .map(loanFound),
    ),
    ...finding(
      'lock_expired',
      'Locks expired; extend them or they stay out of the run.',
      open
        .filter(({ lock_date: lock, lock_expiration_date: end }) => lock !== null && end !== null && end < input.asOf)
        .map(({ loan_id: id, issue_date_prin_bal: issue, loan_amount: now }) => ({ id, amount: issue ?? now })),
    ),
    ...finding(
      'high_balance_disagrees',
      "The loan system's high-balance flag disagrees with the loan limits, which count.",
      loans.filter(isFlagWrong).map(loanFound),
    ),
    ...priceCoverage(context),
    ...staleness(context),
  ];
}

function isFlagWrong({ loan, highBalance }: ScopedLoan): boolean {
  const flag = foldString(loan.high_balance_indicator ?? '');
  return flag !== '' && (flag === 'y') !== highBalance;
}

interface Quote {
  readonly instrument: InstrumentRow;
  /** Note rates with a price, 1e-6 percent. */
  readonly bands: readonly (readonly [lowest: number, highest: number])[];
}

/** Note rates that today's market has a price for, by instrument. */
function quotesOf({ input, instruments }: PreflightContext): Quote[] {
  const coupons = new Map<InstrumentRow, Set<number>>();
  for (const { investor_instrument_name: name, coupon, settlement_date: date, story } of input.marketPrices) {
    const instrument = instruments.get(name);
    if (instrument === undefined || date < input.asOf || story !== '') continue;
    coupons.set(instrument, (coupons.get(instrument) ?? new Set()).add(coupon));
  }
  return [...coupons].map(([instrument, quoted]) => {
    const rates = [...quoted];
    const { min_spread: least, max_spread: most } = instrument;
    return {
      instrument,
      bands: isSecurityInstrument(instrument)
        ? rates.map((coupon) => [coupon + (least ?? -Infinity), coupon + (most ?? Infinity)] as const)
        : [[Math.min(...rates), Math.max(...rates) + LAST_BAND]],
    };
  });
}

/** Tells whether today's market has a price at a loan's rate for its product and agency. */
function pricedBy(quotes: readonly Quote[]): (loan: LoanRow) => boolean {
  const known = new Map<string, Quote['bands']>();
  return ({ product, agency_type: agency, note_rate: rate }) => {
    const key = `${product}|${agency}`;
    let bands = known.get(key);
    if (bands === undefined) {
      const fitting = quotes.filter(
        ({ instrument }) => names(instrument.product, product) && takesAgency(instrument, agency),
      );
      bands = fitting.flatMap((quote) => quote.bands);
      known.set(key, bands);
    }
    return bands.some(([lowest, highest]) => lowest <= rate && rate <= highest);
  };
}

/** Loans at whose rate and product today's market has no price; an error once they are a large part of the pipeline. */
function priceCoverage(context: PreflightContext): Finding[] {
  const { input, loans, settings } = context;
  const isPriced = pricedBy(quotesOf(context));
  const without = loans.filter(({ loan }) => !isPriced(loan));
  const all = loans.reduce((sum, { amount }) => sum + BigInt(amount), 0n);
  const open = without.reduce((sum, { amount }) => sum + BigInt(amount), 0n);
  const most = BigInt(parseScaled(settings.unpriced_coupon_error_percent, 2));
  const isError = input.options.reservation_price === 'market' && open * 10_000n > all * most;
  return finding(
    'coupon_without_price',
    'No market price fits these loans, so what they are worth unsold is a guess; load rmusr_market_prices.',
    without.map(loanFound),
    isError ? 'error' : 'warning',
  );
}

/** Whether a comma list names a word; an empty list names all. */
function names(list: string | null, word: string): boolean {
  const items = (list ?? '').split(',').map((item) => foldString(item.trim()));
  return items.every((item) => item === '') || items.includes(foldString(word));
}

const GOVERNMENT = new Set(['fha', 'va', 'usda']);

const takesAgency = ({ agency_type: types }: InstrumentRow, type: string): boolean =>
  names(types, type) || (GOVERNMENT.has(foldString(type)) && names(types, 'government'));

/** Prices and loan data that were not brought up to date. */
function staleness({ input, settings }: PreflightContext): Finding[] {
  const { asOf, calendar } = input;
  const age = (date: IsoDate): number => calendar.businessDaysBetween(date, asOf);
  const bids = input.marketPrices.flatMap(({ bid_as_of: bid }) => (bid === null ? [] : [bid]));
  const newestBid = bids.reduce<IsoDate | null>(
    (newest, date) => (newest === null ? date : maxDate(newest, date)),
    null,
  );
  const days = input.loans.flatMap((loan) =>
    [loan.lock_date, loan.close_date, loan.funded_date].filter(
      (date): date is IsoDate => date !== null && date <= asOf,
    ),
  );
  const newestLoan = days.reduce<IsoDate | null>((newest, d) => (newest === null ? d : maxDate(newest, d)), null);
  const [priceAge, loanAge] = [
    Number(settings.price_max_age_business_days),
    Number(settings.loan_data_max_age_business_days),
  ];
  return [
    ...(newestBid !== null && age(newestBid) > priceAge
      ? wholeFinding(
          'prices_stale',
          `The newest market price is of ${newestBid}, ${age(newestBid)} business days old; load today's.`,
          [newestBid],
        )
      : []),
    ...(newestLoan !== null && age(newestLoan) > loanAge
      ? wholeFinding(
          'loan_data_stale',
          `No loan was locked, closed or funded since ${newestLoan}, ${age(newestLoan)} business days ago; load the pipeline.`,
          [newestLoan],
        )
      : []),
  ];
}
