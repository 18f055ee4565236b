import { carryWarnings } from './carry-warnings';

const bucket = (from: number, to: number, percent: number) => ({
  on_day: from,
  to_day: to,
  annual_rate: percent * 1_000_000,
});

describe('warnings about a carry curve', () => {
  it('are none for adjoining buckets that rise or stay', () => {
    expect(carryWarnings([bucket(16, 30, 6.2), bucket(0, 15, 6.1), bucket(31, 60, 6.2)])).toEqual([]);
  });

  it('name overlaps, gaps, falling rates and a late start', () => {
    const curve = [bucket(1, 15, 6.1), bucket(15, 30, 6), bucket(40, 50, 6.5)];
    expect(carryWarnings(curve)).toEqual([
      {
        code: 'starts_late',
        on_day: 1,
        message: 'The curve begins at day 1; its first rate counts for the days before.',
      },
      { code: 'overlap', on_day: 15, message: 'Days 15 to 15 are in two buckets; their rates are averaged.' },
      { code: 'not_monotone', on_day: 15, message: '6.000000 from day 15 is below the 6.100000 before it.' },
      { code: 'gap', on_day: 40, message: 'Days 31 to 39 are in no bucket; the one below counts.' },
    ]);
  });
});
