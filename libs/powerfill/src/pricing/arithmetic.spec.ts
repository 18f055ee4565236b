import fc from 'fast-check';
import { divideBigHalfAway, divideHalfAway, multiplyDivide } from './arithmetic';

describe('exact division', () => {
  it.each([
    [5, 10, 1],
    [-5, 10, -1],
    [4, 10, 0],
    [-4, 10, 0],
    [15, 10, 2],
    [-15, 10, -2],
    [7, 7, 1],
  ])('rounds %d / %d half away from zero to %d', (numerator, denominator, expected) => {
    expect(divideHalfAway(numerator, denominator)).toBe(expected);
    expect(divideBigHalfAway(BigInt(numerator), BigInt(denominator))).toBe(expected);
  });

  it('gives the same with and without big integers', () => {
    const safe = fc.integer({ min: -(2 ** 31), max: 2 ** 31 });
    fc.assert(
      fc.property(safe, safe, fc.integer({ min: 1024, max: 2 ** 31 }), (a, b, d) => {
        const expected = divideBigHalfAway(BigInt(a) * BigInt(b), BigInt(d));
        expect(multiplyDivide(a, b, d)).toBe(expected);
      }),
    );
  });
});
