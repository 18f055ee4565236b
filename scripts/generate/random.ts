/** A weight table for {@link SeededRandom.weighted}: values with integer weights. */
export type Weighted<T> = readonly (readonly [T, number])[];

/**
 * Seeded generator of 32-bit integers (sfc32). Only integer operations and IEEE additions and multiplications are used,
 * so that a seed gives the same data on every machine and Node version.
 */
export class SeededRandom {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  /** @param stream names an independent stream of the seed, so that one part can change without moving the others */
  constructor(
    private readonly seed: number,
    stream: string,
  ) {
    let hash = 0x811c9dc5;
    for (let at = 0; at < stream.length; at += 1) hash = Math.imul(hash ^ stream.charCodeAt(at), 0x01000193);
    this.a = seed | 0;
    this.b = hash | 0;
    this.c = Math.imul(seed ^ hash, 0x9e3779b1) | 0;
    for (let round = 0; round < 16; round += 1) this.uint32();
  }

  /** An independent generator of the same seed. */
  fork(stream: string): SeededRandom {
    return new SeededRandom(this.seed, stream);
  }

  /** Uniform on 0 .. 2^32 - 1. */
  uint32(): number {
    const sum = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** Uniform integer from `low` to `high`, both included; the bias of the modulus is below 1e-5 for ranges under 40,000. */
  int(low: number, high: number): number {
    return low + (this.uint32() % (high - low + 1));
  }

  /** True with probability `permille` / 1000. */
  chance(permille: number): boolean {
    return this.int(0, 999) < permille;
  }

  /** One of the values, all equally likely. Throws RangeError on an empty list. */
  pick<T>(values: readonly T[]): T {
    const value = values[this.int(0, values.length - 1)];
    if (value === undefined) throw new RangeError('Nothing to pick from.');
    return value;
  }

  /** One of the values with probability proportional to its weight. */
  weighted<T>(table: Weighted<T>): T {
    let left = this.int(0, table.reduce((sum, [, weight]) => sum + weight, 0) - 1);
    for (const [value, weight] of table) {
      if (left < weight) return value;
      left -= weight;
    }
    throw new RangeError('Nothing to pick from.');
  }

  /** Near-normal deviate with mean 0 and variance 1: the sum of twelve uniforms less six, so never beyond +-6. */
  normal(): number {
    let sum = 0;
    for (let draw = 0; draw < 12; draw += 1) sum += this.uint32();
    return (sum + 6) / 4_294_967_296 - 6;
  }

  /** The values in random order (Fisher-Yates); the argument is left as it is. */
  shuffled<T>(values: readonly T[]): T[] {
    const copy = [...values];
    for (let at = copy.length - 1; at > 0; at -= 1) {
      const other = this.int(0, at);
      const held = copy[at] as T;
      copy[at] = copy[other] as T;
      copy[other] = held;
    }
    return copy;
  }
}

/** e^x for |x| < 40 from additions, multiplications and divisions alone; relative error below 1e-12. */
export function exponential(x: number): number {
  const part = x / 1024;
  let result = 1 + part * (1 + (part / 2) * (1 + (part / 3) * (1 + (part / 4) * (1 + part / 5))));
  for (let squaring = 0; squaring < 10; squaring += 1) result *= result;
  return result;
}
