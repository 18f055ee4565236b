/**
 * Seeded generator of 32-bit integers (sfc32, 128 bits of state). Integer arithmetic only, so a seed gives the same
 * numbers on every machine.
 */
export class Prng {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  constructor(seed: number) {
    this.a = seed | 0;
    this.b = (seed / 0x1_0000_0000) | 0;
    this.c = 0x9e3779b9 | 0;
    for (let round = 0; round < 15; round += 1) this.next();
  }

  /** The next number, 0 .. 2^32 - 1. */
  next(): number {
    const sum = (((this.a + this.b) | 0) + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** A whole number, `low` and `high` included; their distance must stay below 2^32. */
  between(low: number, high: number): number {
    return low + Math.floor((this.next() * (high - low + 1)) / 0x1_0000_0000);
  }

  /** True in `perMille` of 1,000 cases. */
  chance(perMille: number): boolean {
    return this.between(0, 999) < perMille;
  }

  /** One of the list, each with the same chance. */
  pick<T>(list: readonly T[]): T {
    if (list.length === 0) throw new RangeError('cannot pick from an empty list');
    return list[this.between(0, list.length - 1)] as T;
  }

  /** One of the entries, with a chance in proportion to its weight, a whole number. */
  weighted<T>(entries: readonly (readonly [item: T, weight: number])[]): T {
    let rest = this.between(
      1,
      entries.reduce((sum, [, weight]) => sum + weight, 0),
    );
    for (const [item, weight] of entries) {
      rest -= weight;
      if (rest <= 0) return item;
    }
    throw new RangeError('cannot pick from an empty list');
  }

  /** The list in a random order; the argument stays as it is. */
  shuffled<T>(list: readonly T[]): T[] {
    const copy = [...list];
    for (let at = copy.length - 1; at > 0; at -= 1) {
      const other = this.between(0, at);
      const item = copy[at] as T;
      copy[at] = copy[other] as T;
      copy[other] = item;
    }
    return copy;
  }

  /**
   * A value with the given distribution, whose quantiles stand at equal steps of probability; linear between them.
   * Returns a whole number.
   */
  quantile(quantiles: readonly number[]): number {
    const steps = quantiles.length - 1;
    const position = this.next();
    const scaled = position * steps;
    const step = Math.floor(scaled / 0x1_0000_0000);
    const low = quantiles[step] ?? 0;
    const high = quantiles[step + 1] ?? low;
    return low + Math.floor(((high - low) * (scaled - step * 0x1_0000_0000)) / 0x1_0000_0000);
  }
}
