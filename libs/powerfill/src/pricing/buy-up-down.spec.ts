import fc from 'fast-check';
import { buyUpDown, ginnieExcess, servicingValue } from './buy-up-down';

const rate = (percent: number): number => Math.round(percent * 1e6);
const points = (value: number): number => Math.round(value * 1e8);
/** Coupon 5.5: fee 0.50, multiples 2.0 up and 2.9 down; base servicing 0.25. */
const TERMS = { guaranteeFee: rate(0.5), buyUpMultiple: 20_000, buyDownMultiple: 29_000 };
const at = (noteRate: number, maxServicing: number | null = null) =>
  buyUpDown(rate(noteRate), rate(5.5), TERMS, rate(0.25), maxServicing);

describe('buy-up and buy-down', () => {
  it('is nothing where the rate is just used up', () => {
    // 6.25 - 5.5 - 0.5 - 0.25 = 0.
    expect(at(6.25)).toEqual({ points: 0, bought: 0, retainedExcess: 0 });
  });

  it('buys down what is short', () => {
    // 6.125: x = -0.125, times 2.9 = -0.3625.
    expect(at(6.125)).toEqual({ points: points(-0.3625), bought: rate(-0.125), retainedExcess: 0 });
  });

  it('cannot buy down more than the whole fee', () => {
    // 5.7: x = -0.55, at most -0.5, times 2.9 = -1.45.
    expect(at(5.7)).toEqual({ points: points(-1.45), bought: rate(-0.5), retainedExcess: 0 });
  });

  it('buys up the first 0.25 and retains the rest', () => {
    // 6.375: x = 0.125 * 2 = 0.25. 6.625: x = 0.375: 0.25 * 2 = 0.5 and 0.125 stays.
    expect(at(6.375)).toEqual({ points: points(0.25), bought: rate(0.125), retainedExcess: 0 });
    expect(at(6.625)).toEqual({ points: points(0.5), bought: rate(0.25), retainedExcess: rate(0.125) });
  });

  it('lets servicing reach 0.50 in all, or what the instrument says', () => {
    // 6.9: x = 0.65, 0.4 left: base 0.25 leaves room for 0.25; for 0.35 in all, 0.1.
    expect(at(6.9).retainedExcess).toBe(rate(0.25));
    expect(at(6.9, rate(0.35)).retainedExcess).toBe(rate(0.1));
  });

  it('rounds half away from zero once', () => {
    // x = -0.000001, multiple 1.5050: -0.0000015050 -> in 1e-8: -150.5 -> -151.
    const terms = { guaranteeFee: rate(0.5), buyUpMultiple: 0, buyDownMultiple: 15_050 };
    expect(buyUpDown(rate(6.249999), rate(5.5), terms, rate(0.25), null).points).toBe(-151);
  });

  it('keeps note rate = coupon + fee after buying + servicing while servicing is under its cap', () => {
    fc.assert(
      fc.property(fc.integer({ min: 5_750_000, max: 6_750_000 }), (noteRate) => {
        const { bought, retainedExcess } = buyUpDown(noteRate, rate(5.5), TERMS, rate(0.25), null);
        expect(rate(5.5) + rate(0.5) + bought + rate(0.25) + retainedExcess).toBe(noteRate);
      }),
    );
  });
});

describe('Ginnie Mae', () => {
  const excess = (noteRate: number, max: number | null = null) =>
    ginnieExcess(rate(noteRate), rate(5.5), rate(0.06), rate(0.19), max);

  it('retains what the rate leaves and buys nothing', () => {
    // 6.0 - 5.5 - 0.06 - 0.19 = 0.25.
    expect(excess(6)).toEqual({ points: 0, bought: 0, retainedExcess: rate(0.25) });
  });

  it('caps servicing in all', () => {
    // 6.25 leaves 0.5; with base 0.19 the cap 0.5 leaves 0.31, the cap 0.4 leaves 0.21.
    expect(excess(6.25).retainedExcess).toBe(rate(0.31));
    expect(excess(6.25, rate(0.4)).retainedExcess).toBe(rate(0.21));
  });

  it('lowers the servicing where the rate leaves less than the base', () => {
    // 5.7 - 5.5 - 0.06 - 0.19 = -0.05; at most the whole base is lost.
    expect(excess(5.7).retainedExcess).toBe(rate(-0.05));
    expect(excess(5.5).retainedExcess).toBe(rate(-0.19));
  });
});

it('values a servicing strip at its multiple', () => {
  // (0.25 + 0.125) * 5 = 1.875.
  expect(servicingValue(rate(0.375), 50_000)).toBe(points(1.875));
});
