import fc from 'fast-check';
import { effectiveGrid, gridPrice } from './cash-grid';

const rate = (percent: number): number => Math.round(percent * 1e6);
const points = (value: number): number => Math.round(value * 1e8);
const row = (noteRate: number, price: number) => ({ note_rate: rate(noteRate), price: points(price) });

describe('effective grid of a cash trade', () => {
  it('holds every posted rate and every 0.125 between, linearly interpolated', () => {
    // 6.0 -> 100, 6.25 -> 101: the ladder adds 6.125 half way, 100.5. 6.3 is posted off the ladder; 6.375 lies
    // 0.075 of 0.1 beyond it towards 6.4 -> 101.4: 101 + 0.4 * 0.75 = 101.3.
    const grid = effectiveGrid('T', [row(6, 100), row(6.25, 101), row(6.3, 101), row(6.4, 101.4)]);
    expect(grid.rates).toEqual([6, 6.125, 6.25, 6.3, 6.375, 6.4].map(rate));
    expect(grid.prices).toEqual([100, 100.5, 101, 101, 101.3, 101.4].map(points));
    expect(grid.posted).toEqual([true, false, true, true, false, true]);
  });

  it('rounds an interpolated price half away from zero', () => {
    // Posted 0.00000001 apart over 0.25: half way is 100.000000005, which rounds up.
    const grid = effectiveGrid('T', [
      { note_rate: rate(6), price: 10_000_000_000 },
      { note_rate: rate(6.25), price: 10_000_000_001 },
    ]);
    expect(grid.prices[1]).toBe(10_000_000_001);
  });

  it('sorts what was posted in any order', () => {
    expect(effectiveGrid('T', [row(6.125, 101), row(6, 100)]).rates).toEqual([rate(6), rate(6.125)]);
  });

  it('is empty for an empty posting', () => {
    expect(effectiveGrid('T', []).rates).toEqual([]);
  });
});

describe('price of a note rate', () => {
  const grid = effectiveGrid('T', [row(6, 100), row(6.25, 101)]);

  it('is the lower rate without pay for the excess', () => {
    // 6.2 lies between 6.125 (100.5, interpolated) and 6.25.
    expect(gridPrice(grid, rate(6.2), false)).toBe(points(100.5));
    expect(gridPrice(grid, rate(6.25), false)).toBe(points(101));
  });

  it('lies on the line where the trade interpolates', () => {
    // 6.2 is 0.2 of 0.25 above 6.0: 100 + 0.8.
    expect(gridPrice(grid, rate(6.2), true)).toBe(points(100.8));
  });

  it('is nothing outside the posted rates', () => {
    expect(gridPrice(grid, rate(5.999), false)).toBeNull();
    expect(gridPrice(grid, rate(6.251), true)).toBeNull();
    expect(gridPrice(effectiveGrid('T', []), rate(6), false)).toBeNull();
  });

  it('stays between its posted neighbours', () => {
    const posted = fc.uniqueArray(
      fc.record({ note_rate: fc.integer({ min: 3e6, max: 9e6 }), price: fc.integer({ min: 80e8, max: 110e8 }) }),
      {
        minLength: 2,
        maxLength: 12,
        selector: ({ note_rate }) => note_rate,
      },
    );
    fc.assert(
      fc.property(posted, fc.integer({ min: 3e6, max: 9e6 }), fc.boolean(), (rows, noteRate, interpolates) => {
        const sorted = [...rows].sort((a, b) => a.note_rate - b.note_rate);
        const price = gridPrice(effectiveGrid('T', rows), noteRate, interpolates);
        const below = sorted.filter(({ note_rate }) => note_rate <= noteRate).at(-1);
        const above = sorted.find(({ note_rate }) => note_rate >= noteRate);
        if (below === undefined || above === undefined) return price === null;
        return (
          price !== null && price >= Math.min(below.price, above.price) && price <= Math.max(below.price, above.price)
        );
      }),
    );
  });
});
