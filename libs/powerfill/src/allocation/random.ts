/** Seeded generator (mulberry32): 32-bit integer arithmetic only, so that it draws the same on every machine. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** Uniform in 0 .. 2^32 - 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  }

  /** Uniform in 0 .. n - 1, for 0 < n <= 2^21 (the product stays an exact integer). */
  below(n: number): number {
    return Math.floor((this.next() * n) / 4294967296);
  }

  /** An index drawn by weight; -1: all weights are 0. */
  index(weight: Float64Array): number {
    let at = this.unit() * weight.reduce((sum, w) => sum + w, 0);
    let last = -1;
    for (let n = 0; n < weight.length; n++) {
      if (weight[n] === 0) continue;
      last = n;
      at -= weight[n]!;
      if (at < 0) return n;
    }
    return last;
  }

  /** Uniform in [0, 1). */
  unit(): number {
    return this.next() / 4294967296;
  }
}
