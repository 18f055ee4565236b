import type { CarryCostRow } from '../entities';
import { CarryBook } from './carry';

const rate = (percent: number): number => Math.round(percent * 1e6);
const bucket = (onDay: number, toDay: number, annual: number, instrument = '*'): CarryCostRow => ({
  investor_instrument_name: instrument,
  on_day: onDay,
  to_day: toDay,
  annual_rate: rate(annual),
});

/** sample-data.md: 0-15 6.10; 16-30 6.24. */
const CURVE = [bucket(0, 15, 6.1), bucket(16, 30, 6.24)];

describe('carry', () => {
  it('is note interest less funding cost over the days held', () => {
    // 21 days at note 6.5: 6.5 * 21 / 365 = 0.3739726027...; 6.24 * 21 / 360 = 0.364; difference 0.00997260(27).
    expect(new CarryBook(CURVE, []).curveOf('UMBS30')?.carry(rate(6.5), 21)).toBe(997_260);
  });

  it('may be a cost', () => {
    // 10 days at note 5: 5 * 10 / 365 = 0.136986301...; 6.1 * 10 / 360 = 0.169444444...; -0.03245814(3).
    expect(new CarryBook(CURVE, []).curveOf('UMBS30')?.carry(rate(5), 10)).toBe(-3_245_814);
  });

  it('takes day counts and the funded share of the instrument, else of *', () => {
    const basis = { investor_instrument_name: '*', note_day_count: 360, funding_day_count: 365, funded_share: 9_500 };
    const own = { ...basis, investor_instrument_name: 'UMBS30', note_day_count: 360, funding_day_count: 360 };
    // UMBS30: 6.5 * 21 / 360 = 0.379166667; 0.95 * 6.24 * 21 / 360 = 0.3458; 0.03336667.
    expect(new CarryBook(CURVE, [basis, own]).curveOf('UMBS30')?.carry(rate(6.5), 21)).toBe(3_336_667);
    // GNII30 by *: 0.379166667 - 0.95 * 6.24 * 21 / 365 = 0.341063014: 0.03810365.
    expect(new CarryBook(CURVE, [basis, own]).curveOf('GNII30')?.carry(rate(6.5), 21)).toBe(3_810_365);
  });

  it('averages the buckets that hold the day count', () => {
    // 6.0 and 6.5 overlap on day 20: 6.25 on average, kept as 12.5 / 2.
    const curve = new CarryBook([bucket(0, 20, 6), bucket(20, 40, 6.5)], []).curveOf('X');
    expect(curve?.fundingRate(20)).toEqual({ sum: rate(12.5), count: 2, fit: 'inside' });
    // 20 days, note 0: -6.25 * 20 / 360 = -0.34722222.
    expect(curve?.carry(0, 20)).toBe(-34_722_222);
  });

  it("prefers the instrument's own rows to those of *", () => {
    const book = new CarryBook([...CURVE, bucket(0, 60, 5, 'GNII30')], []);
    expect(book.curveOf('GNII30')?.fundingRate(10).sum).toBe(rate(5));
    expect(book.curveOf('UMBS30')?.fundingRate(10).sum).toBe(rate(6.1));
  });

  it('takes the last bucket past the end and the one below in a gap, with warnings', () => {
    const book = new CarryBook([bucket(0, 15, 6.1), bucket(20, 30, 6.3)], []);
    expect(book.curveOf('X')?.fundingRate(45)).toEqual({ sum: rate(6.3), count: 1, fit: 'past_last' });
    expect(book.curveOf('X')?.fundingRate(17)).toEqual({ sum: rate(6.1), count: 1, fit: 'gap' });
    expect(book.outsideWarnings().map(({ code, count }) => [code, count])).toEqual([
      ['carry_past_last_bucket', 1],
      ['carry_curve_gap', 1],
    ]);
  });

  it('is nothing for no days, without a look-up', () => {
    const book = new CarryBook([bucket(5, 10, 6)], []);
    expect(book.curveOf('X')?.carry(rate(6), 0)).toBe(0);
    expect(book.outsideWarnings()).toEqual([]);
  });

  it('knows the instruments without any curve', () => {
    const book = new CarryBook([bucket(0, 10, 6, 'A')], []);
    expect(book.curveOf('B')).toBeNull();
    expect(book.instrumentsWithoutCurve()).toEqual(['B']);
  });
});
