import * as fc from 'fast-check';
import { decimalText, divideRounded, moneyText } from './money';

describe('decimal text', () => {
  it('keeps every cent and every leading zero', () => {
    expect([moneyText(0), moneyText(5), moneyText(-5), moneyText(123_456_789)]).toEqual([
      '0.00',
      '0.05',
      '-0.05',
      '1234567.89',
    ]);
    expect(decimalText(10_125_000_000, 8)).toBe('101.25000000');
    expect(decimalText(7, 0)).toBe('7');
  });

  it('reads back as the integer it came from', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.integer({ min: 0, max: 8 }), (value, scale) => {
        expect(BigInt(decimalText(value, scale).replace('.', ''))).toBe(BigInt(value));
      }),
    );
  });
});

describe('divideRounded', () => {
  it('rounds halves away from zero on both sides', () => {
    // 5/2 = 2.5 -> 3; -5/2 = -2.5 -> -3; 4/3 = 1.33 -> 1; -4/3 -> -1; 5/3 = 1.67 -> 2
    expect([
      divideRounded(5n, 2n),
      divideRounded(-5n, 2n),
      divideRounded(4n, 3n),
      divideRounded(4n, -3n),
      divideRounded(5n, 3n),
    ]).toEqual([3n, -3n, 1n, -1n, 2n]);
  });
});
