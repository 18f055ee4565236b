import * as fc from 'fast-check';
import { bigScaled, percentOf, roundParts } from './exact-sums';

describe('exact sums', () => {
  it('reads decimal text past 2^53 without losing a digit', () => {
    expect(bigScaled('123456789012345678.0000000001', 10)).toBe(1234567890123456780000000001n);
    expect(bigScaled('-0.5', 2)).toBe(-50n);
    expect(bigScaled('7', 0)).toBe(7n);
    expect(() => bigScaled('0.001', 2)).toThrow(RangeError);
    expect(() => bigScaled('1e5', 2)).toThrow(RangeError);
  });

  it('gives percent to two places', () => {
    // 1/3 = 33.33 %
    expect(percentOf(1n, 3n)).toBe(3333n);
    expect(percentOf(1n, 0n)).toBeNull();
  });

  it('gives the cent left over by rounding to the largest remainder', () => {
    // 0.4 + 0.4 + 0.4 = 1.2 -> 1; all remainders equal -> the first gets the cent.
    expect(roundParts([4n, 4n, 4n], 10n)).toEqual({ total: 1n, rounded: [1n, 0n, 0n] });
    // -0.4 + 1.7 = 1.3 -> 1; floors -1 and 1, so one unit is left; remainders 0.6 and 0.7 -> 2 and -1.
    expect(roundParts([-4n, 17n], 10n)).toEqual({ total: 1n, rounded: [-1n, 2n] });
  });

  it('always adds up, with no part moved by a whole unit', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), { minLength: 1 }), (parts) => {
        const denominator = 10n ** 10n;
        const { total, rounded } = roundParts(parts, denominator);
        expect(rounded.reduce((a, b) => a + b, 0n)).toBe(total);
        rounded.forEach((value, index) => {
          const distance = value * denominator - (parts[index] ?? 0n);
          expect(distance < denominator && distance > -denominator).toBe(true);
        });
      }),
    );
  });
});
