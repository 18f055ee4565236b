import { addDays, daysBetween, type BusinessCalendar, type IsoDate } from '../domain/calendar';

const EPOCH: IsoDate = '1970-01-01';

/** Days since 1970-01-01: what the pair loops compare instead of text. */
export const dayNumber = (date: IsoDate): number => daysBetween(EPOCH, date);

/** Same date or null for null. */
export const dayNumberOrNull = (date: IsoDate | null): number | null => (date === null ? null : dayNumber(date));

/** A tenant's business days on day numbers; answers are remembered, since a run asks for few distinct ones. */
export class DayCalendar {
  private readonly shifted = new Map<number, Map<number, number>>();
  private readonly dates = new Map<number, IsoDate>();

  constructor(private readonly calendar: BusinessCalendar) {}

  /** The day `count` business days after `day` (before, when negative). */
  addBusinessDays(day: number, count: number): number {
    let byDay = this.shifted.get(count);
    if (byDay === undefined) this.shifted.set(count, (byDay = new Map<number, number>()));
    let result = byDay.get(day);
    if (result === undefined) {
      result = dayNumber(this.calendar.addBusinessDays(this.date(day), count));
      byDay.set(day, result);
    }
    return result;
  }

  date(day: number): IsoDate {
    let date = this.dates.get(day);
    if (date === undefined) this.dates.set(day, (date = addDays(EPOCH, day)));
    return date;
  }
}
