import { divideHalfAway } from './arithmetic';

/** Most of the guarantee fee that can be bought up: 0.25 %. */
const MAX_BUY_UP = 250_000;
/** Servicing a loan may carry in all where the instrument does not say: 0.50 %. */
const DEFAULT_MAX_SERVICING = 500_000;

/** Grid row in force: rates in 1e-6 percent, multiples in 1e-4. */
export interface BuyUpDownTerms {
  readonly guaranteeFee: number;
  readonly buyUpMultiple: number;
  readonly buyDownMultiple: number;
}

/** Result: points in 1e-8, rates in 1e-6 percent (= 1e-4 bp). */
export interface BuyUpDown {
  readonly points: number;
  /** Guarantee fee bought: positive = up. */
  readonly bought: number;
  readonly retainedExcess: number;
}

/**
 * Buy-up or buy-down of a loan in a security (engine.md, step 3 "Price"). `x` is what the note rate leaves after
 * coupon, guarantee fee and base servicing. Short of 0 the fee is bought down, at most to nothing; above, the first
 * 0.25 is bought up and the rest stays with the servicer, who may hold at most `maxServicing` in all.
 */
export function buyUpDown(
  noteRate: number,
  coupon: number,
  terms: BuyUpDownTerms,
  baseServicing: number,
  maxServicing: number | null,
): BuyUpDown {
  const x = noteRate - coupon - terms.guaranteeFee - baseServicing;
  if (x < 0) {
    const bought = Math.max(x, -terms.guaranteeFee);
    return { points: multiple(bought, terms.buyDownMultiple), bought: bought === 0 ? 0 : bought, retainedExcess: 0 };
  }
  const bought = Math.min(x, MAX_BUY_UP);
  return {
    points: multiple(bought, terms.buyUpMultiple),
    bought,
    retainedExcess: capExcess(x - bought, baseServicing, maxServicing),
  };
}

/**
 * Ginnie Mae buys neither up nor down: what the note rate leaves is servicing. A rate that leaves less than the base
 * lowers the servicing, at most to nothing.
 */
export function ginnieExcess(
  noteRate: number,
  coupon: number,
  guaranteeFee: number,
  baseServicing: number,
  maxServicing: number | null,
): BuyUpDown {
  const x = noteRate - coupon - guaranteeFee - baseServicing;
  const retainedExcess = x < 0 ? Math.max(x, -baseServicing) : capExcess(x, baseServicing, maxServicing);
  return { points: 0, bought: 0, retainedExcess: retainedExcess === 0 ? 0 : retainedExcess };
}

/** Value of a servicing strip: rate in 1e-6 percent times multiple in 1e-4, in 1e-8 point. */
export const servicingValue = (strip: number, msrMultiple: number): number => multiple(strip, msrMultiple);

const multiple = (rate: number, times: number): number => divideHalfAway(rate * times, 100);

const capExcess = (excess: number, baseServicing: number, maxServicing: number | null): number =>
  Math.min(excess, Math.max(0, (maxServicing ?? DEFAULT_MAX_SERVICING) - baseServicing));
