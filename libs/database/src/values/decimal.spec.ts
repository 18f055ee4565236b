import fc from 'fast-check';
import { formatScaled, parseScaled } from './decimal';

describe('decimals', () => {
  it('are written with exactly the digits of their scale', () => {
    // [cents, scale, text]: 5 cents = 0.05; 12,345,678 cents = 123,456.78; 1e-8 point = 0.00000001.
    expect([5, 12_345_678, -5, 0].map((value) => formatScaled(value, 2))).toEqual([
      '0.05',
      '123456.78',
      '-0.05',
      '0.00',
    ]);
    expect(formatScaled(1, 8)).toBe('0.00000001');
    expect(formatScaled(42, 0)).toBe('42');
  });

  it('are read exactly, with fewer decimals or superfluous zeros', () => {
    // 412,500 dollars = 41,250,000 cents; 0.1 + 0.2 would be 0.30000000000000004 in floating point.
    expect(['412500', '412500.', '412500.5', '.07', '-0.30', '1.2300'].map((text) => parseScaled(text, 2))).toEqual([
      41_250_000, 41_250_000, 41_250_050, 7, -30, 123,
    ]);
  });

  it('have no negative zero', () => {
    expect(Object.is(parseScaled('-0.00', 2), 0)).toBe(true);
  });

  it.each(['', '-', '.', '1.2.3', '1e5', ' 1', '1,000', '0.001', '90071992547409.93'])(
    'refuse %p at scale 2',
    (text) => {
      // The last one is 9,007,199,254,740,993 cents, one past the last safe integer and its neighbour.
      expect(() => parseScaled(text, 2)).toThrow();
    },
  );

  it('survive writing and reading, whatever the value and scale', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.integer({ min: 0, max: 10 }), (value, scale) => {
        expect(parseScaled(formatScaled(value, scale), scale)).toBe(value === 0 ? 0 : value);
      }),
    );
  });
});
