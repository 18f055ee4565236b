import { businessDate } from './business-date';

describe("a tenant's business date", () => {
  it('is the day of its own time zone', () => {
    // New York is UTC-5 in November: 04:59Z is 23:59 of the day before, 05:00Z is midnight.
    const desk = { timeZone: 'America/New_York' };
    expect(businessDate(desk, new Date('2026-11-23T04:59:59.999Z'))).toBe('2026-11-22');
    expect(businessDate(desk, new Date('2026-11-23T05:00:00.000Z'))).toBe('2026-11-23');
    // UTC-4 in July.
    expect(businessDate(desk, new Date('2026-07-01T03:59:00Z'))).toBe('2026-06-30');
    expect(businessDate({ timeZone: 'Pacific/Auckland' }, new Date('2026-12-31T12:00:00Z'))).toBe('2027-01-01');
  });
});
