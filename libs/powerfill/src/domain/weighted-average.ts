import { divideRounded } from './money';

/** Average of an attribute weighted by amount, over the loans that have it; exact, since the sums pass 2^53. */
export class WeightedAverage {
  private above = 0n;
  private below = 0n;

  /** @param amount cents @param value scaled integer, or null for a loan without it */
  add(amount: number, value: number | null): void {
    if (value === null) return;
    this.above += BigInt(amount) * BigInt(value);
    this.below += BigInt(amount);
  }

  /** The average in the unit of its values times `scale`, rounded half away from zero; null over nothing. */
  value(scale = 1): number | null {
    return this.below === 0n ? null : Number(divideRounded(this.above * BigInt(scale), this.below));
  }
}
