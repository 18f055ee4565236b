/** Calendar dates as `YYYY-MM-DD` and arithmetic on them, without time zones or clocks. */
export type IsoDate = string;

const DAY_MS = 86_400_000;

const toDayNumber = (date: IsoDate): number => Math.round(Date.parse(`${date}T00:00:00Z`) / DAY_MS);
const fromDayNumber = (day: number): IsoDate => new Date(day * DAY_MS).toISOString().slice(0, 10);

/** True for a date that exists, written `YYYY-MM-DD`. */
export function isIsoDate(value: string): value is IsoDate {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const ms = Date.parse(`${value}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().slice(0, 10) === value;
}

/** Calendar days from `from` to `to`; negative when `to` is earlier. */
export const daysBetween = (from: IsoDate, to: IsoDate): number => toDayNumber(to) - toDayNumber(from);

/** The date `days` calendar days after `date`. */
export const addDays = (date: IsoDate, days: number): IsoDate => fromDayNumber(toDayNumber(date) + days);

/** The later of two dates. */
export const maxDate = (a: IsoDate, b: IsoDate): IsoDate => (a >= b ? a : b);

/** The earlier of two dates. */
export const minDate = (a: IsoDate, b: IsoDate): IsoDate => (a <= b ? a : b);

/** Whole months from `from` to `to`: the day of month must have been reached for a month to count. */
export function wholeMonthsBetween(from: IsoDate, to: IsoDate): number {
  const months =
    (Number(to.slice(0, 4)) - Number(from.slice(0, 4))) * 12 + Number(to.slice(5, 7)) - Number(from.slice(5, 7));
  return to.slice(8) < from.slice(8) ? months - 1 : months;
}

/** A tenant's business days: Monday to Friday less its holidays. */
export class BusinessCalendar {
  private readonly holidays: ReadonlySet<IsoDate>;

  constructor(holidays: readonly IsoDate[]) {
    this.holidays = new Set(holidays);
  }

  isBusinessDay(date: IsoDate): boolean {
    const weekday = new Date(toDayNumber(date) * DAY_MS).getUTCDay();
    return weekday !== 0 && weekday !== 6 && !this.holidays.has(date);
  }

  /** The date `count` business days after `date` (before, when negative); 0 leaves the date as it is. */
  addBusinessDays(date: IsoDate, count: number): IsoDate {
    const step = count < 0 ? -1 : 1;
    let current = date;
    for (let left = Math.abs(count); left > 0;) {
      current = addDays(current, step);
      if (this.isBusinessDay(current)) left -= 1;
    }
    return current;
  }

  /** Business days after `from` up to and including `to`; 0 when `to` is not later. */
  businessDaysBetween(from: IsoDate, to: IsoDate): number {
    let count = 0;
    for (let current = from; current < to;) {
      current = addDays(current, 1);
      if (this.isBusinessDay(current)) count += 1;
    }
    return count;
  }
}
