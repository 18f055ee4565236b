import { cronFault, isTimeZone, nextOccurrence, previousOccurrence } from './occurrences';

describe('the occurrences of a cron expression', () => {
  const weekdays = '30 7 * * 1-5';
  const zone = 'America/New_York';

  it('are read in the time zone of the schedule, with and without daylight saving', () => {
    // New York: UTC-5 on Friday 2026-11-20 and Monday 2026-11-23, UTC-4 in July.
    const evening = new Date('2026-11-20T22:00:00Z');
    expect(nextOccurrence(weekdays, zone, evening)).toEqual(new Date('2026-11-23T12:30:00Z'));
    expect(previousOccurrence(weekdays, zone, evening)).toEqual(new Date('2026-11-20T12:30:00Z'));
    expect(nextOccurrence(weekdays, zone, new Date('2026-07-01T00:00:00Z'))).toEqual(new Date('2026-07-01T11:30:00Z'));
  });

  it.each(['', 'soon', '* * * *', '* * * * * *', '61 7 * * *', '30 25 * * *', '0 0 30 2 *'])(
    'do not exist for "%s", and the reason is told',
    (cron) => expect(cronFault(cron, 'UTC')).toMatch(/^(must have five fields|cannot be read)/),
  );

  it('exist for what a desk writes', () => {
    for (const cron of [weekdays, '*/15 6-18 * * *', '0 7 1 * *']) expect(cronFault(cron, zone)).toBeNull();
    expect([isTimeZone('America/Chicago'), isTimeZone('Mars/Olympus')]).toEqual([true, false]);
  });
});
