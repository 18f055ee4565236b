import fc from 'fast-check';
import {
  divideFloor,
  divideHalfAway,
  formatDecimal,
  MAX_CENTS,
  MAX_RATE,
  mulRate,
  parseDecimal,
} from './exact-arithmetic';

test('a product by a rate is exact and rounded half away from zero', () => {
  // $100,000.00 at 1.25000000 points: 10,000,000 cents x 125,000,000 / 10^10 = 125,000 cents.
  expect(mulRate(10_000_000, 125_000_000)).toBe(125_000);
  // 1 cent at 50 points is half a cent.
  expect(mulRate(1, 5_000_000_000)).toBe(1);
  expect(mulRate(-1, 5_000_000_000)).toBe(-1);
  expect(mulRate(1, 4_999_999_999)).toBe(0);
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.integer({ min: -MAX_RATE, max: MAX_RATE }), (amount, rate) => {
      const cents = Number(BigInt(amount) % BigInt(MAX_CENTS));
      expect(BigInt(mulRate(cents, rate))).toBe(divideHalfAway(BigInt(cents) * BigInt(rate), 10_000_000_000n));
    }),
  );
});

test('quotients round as their names say', () => {
  expect([divideHalfAway(5n, 2n), divideHalfAway(-5n, 2n), divideHalfAway(4n, 3n)]).toEqual([3n, -3n, 1n]);
  expect([divideFloor(5n, 2n), divideFloor(-5n, 2n), divideFloor(-4n, 2n)]).toEqual([2n, -3n, -2n]);
});

test('decimals are read from text without floating point', () => {
  expect(parseDecimal('250000.00', 2)).toBe(25_000_000n);
  expect(parseDecimal(101.25, 8)).toBe(10_125_000_000n);
  expect(parseDecimal(1e-7, 8)).toBe(10n);
  expect(parseDecimal('-0.5', 2)).toBe(-50n);
  expect(parseDecimal('1.005', 2)).toBeNull();
  expect(parseDecimal('1.005', 2, 'round')).toBe(101n);
  expect(['', 'x', '1,000', '0x10', ' 1', 'NaN', '1.', '--1'].map((text) => parseDecimal(text, 2))).toEqual(
    new Array(8).fill(null),
  );
});

test('decimals are written with the places asked for', () => {
  expect(formatDecimal(12_550, 2, 2)).toBe('125.50');
  expect(formatDecimal(-5, 2, 2)).toBe('-0.05');
  expect(formatDecimal(10_125_000_000, 8, 1)).toBe('101.25');
  expect(formatDecimal(0, 8, 1)).toBe('0.0');
});
