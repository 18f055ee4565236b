import { addDays, BusinessCalendar, daysBetween, isIsoDate, wholeMonthsBetween } from './calendar';

// 2026-11-23 is a Monday; 2026-11-26 is Thanksgiving.
const calendar = new BusinessCalendar(['2026-11-26']);

describe('calendar dates', () => {
  it('exist or do not', () => {
    expect(['2026-02-28', '2028-02-29'].every(isIsoDate)).toBe(true);
    expect(['2026-02-29', '2026-13-01', '2026-1-1', '20261123', '2026-11-23T00:00'].some(isIsoDate)).toBe(false);
  });

  it('are counted in days across months and leap years', () => {
    expect(addDays('2028-02-28', 2)).toBe('2028-03-01');
    expect(daysBetween('2026-11-23', '2026-12-14')).toBe(21);
    expect(daysBetween('2026-12-14', '2026-11-23')).toBe(-21);
  });

  it('count a month only when its day has been reached', () => {
    expect(wholeMonthsBetween('2026-01-15', '2026-06-14')).toBe(4);
    expect(wholeMonthsBetween('2026-01-15', '2026-06-15')).toBe(5);
    expect(wholeMonthsBetween('2025-11-30', '2026-11-23')).toBe(11);
  });
});

describe('business days', () => {
  it('skip weekends and holidays forwards', () => {
    // Wed 25 + 1 = Fri 27 (Thu is a holiday); + 2 = Mon 30.
    expect(calendar.addBusinessDays('2026-11-25', 1)).toBe('2026-11-27');
    expect(calendar.addBusinessDays('2026-11-25', 2)).toBe('2026-11-30');
  });

  it('skip weekends and holidays backwards', () => {
    // Mon 30 - 1 = Fri 27; - 2 = Wed 25.
    expect(calendar.addBusinessDays('2026-11-30', -1)).toBe('2026-11-27');
    expect(calendar.addBusinessDays('2026-11-30', -2)).toBe('2026-11-25');
  });

  it('are counted after the first date up to the last', () => {
    // Tue 24, Wed 25, Fri 27, Mon 30.
    expect(calendar.businessDaysBetween('2026-11-23', '2026-11-30')).toBe(4);
    expect(calendar.businessDaysBetween('2026-11-30', '2026-11-23')).toBe(0);
  });
});
