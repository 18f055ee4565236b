import { BusinessCalendar, addDays, type IsoDate } from '@powerfill/core/domain/calendar';
import type { SeededRandom } from './random';

/** The day the sample pretends to be: Monday before Thanksgiving. */
export const AS_OF: IsoDate = '2026-11-23';

/** Federal holidays from the oldest date of the sample to its last settlement. */
export const SAMPLE_HOLIDAYS: readonly IsoDate[] = [
  '2026-07-03',
  '2026-09-07',
  '2026-10-12',
  '2026-11-11',
  '2026-11-26',
  '2026-12-25',
  '2027-01-01',
  '2027-01-18',
  '2027-02-15',
];

export const SAMPLE_CALENDAR = new BusinessCalendar(SAMPLE_HOLIDAYS);

export type SettlementMonth = '2026-12' | '2027-01' | '2027-02';
export const SETTLEMENT_MONTHS: readonly SettlementMonth[] = ['2026-12', '2027-01', '2027-02'];

/** Settlement classes: 30-year conventional, 15-year conventional, Ginnie; and whole loans, which settle loan by loan. */
export type SettlementClass = 'a' | 'b' | 'c' | 'whole_loan';

/** One settlement a month per class, about mid-month (market.md, 1.1); the days themselves are the sample's own. */
const SETTLEMENT_DATES: Readonly<Record<SettlementClass, Readonly<Record<SettlementMonth, IsoDate>>>> = {
  a: { '2026-12': '2026-12-14', '2027-01': '2027-01-14', '2027-02': '2027-02-11' },
  b: { '2026-12': '2026-12-16', '2027-01': '2027-01-19', '2027-02': '2027-02-16' },
  c: { '2026-12': '2026-12-17', '2027-01': '2027-01-20', '2027-02': '2027-02-18' },
  whole_loan: { '2026-12': '2026-12-15', '2027-01': '2027-01-15', '2027-02': '2027-02-16' },
};

export const settlementDate = (settlementClass: SettlementClass, month: SettlementMonth): IsoDate =>
  SETTLEMENT_DATES[settlementClass][month];

/** The date itself or the first business day before it. */
export function businessDayOnOrBefore(date: IsoDate): IsoDate {
  return SAMPLE_CALENDAR.isBusinessDay(date) ? date : SAMPLE_CALENDAR.addBusinessDays(date, -1);
}

/** The date itself or the first business day after it. */
export function businessDayOnOrAfter(date: IsoDate): IsoDate {
  return SAMPLE_CALENDAR.isBusinessDay(date) ? date : SAMPLE_CALENDAR.addBusinessDays(date, 1);
}

/** A business day between `low` and `high` calendar days after the as-of date; negative is before it. */
export function businessDayFromAsOf(random: SeededRandom, low: number, high: number): IsoDate {
  const date = addDays(AS_OF, random.int(low, high));
  return date < AS_OF ? businessDayOnOrBefore(date) : businessDayOnOrAfter(date);
}

/** The first of the month `months` after the month of `date`. */
export function firstOfMonthAfter(date: IsoDate, months: number): IsoDate {
  const month = Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1 + months;
  return `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}-01`;
}
