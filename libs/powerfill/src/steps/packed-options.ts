import type { OptionPrice, SyntheticOption, SyntheticOptions, SyntheticTrade } from './step-results';

/** Figures of an option: price, carry, price plus carry, score. */
const FIGURES = 4;

/**
 * The alternatives of a loan in two plain arrays. A large run has 750,000, which as objects take 180 MB while the
 * allocation needs the memory; so 35.
 */
class PackedOptions implements SyntheticOptions {
  private readonly trades: readonly SyntheticTrade[];
  private readonly figures: readonly number[];

  constructor(options: readonly SyntheticOption[]) {
    this.trades = options.map(({ synthetic }) => synthetic);
    const figures: number[] = [];
    for (const { price } of options) figures.push(price.price, price.carry, price.prxPlusCarry, price.score);
    // A copy is as long as it must be; what has grown keeps room for more.
    this.figures = figures.slice();
  }

  get length(): number {
    return this.trades.length;
  }

  *[Symbol.iterator](): Generator<SyntheticOption> {
    for (const [index, synthetic] of this.trades.entries()) yield { synthetic, price: this.priceAt(FIGURES * index) };
  }

  private priceAt(at: number): OptionPrice {
    const { figures } = this;
    return {
      price: figures[at] ?? 0,
      carry: figures[at + 1] ?? 0,
      prxPlusCarry: figures[at + 2] ?? 0,
      score: figures[at + 3] ?? 0,
    };
  }
}

/** Keeps what later steps need of a loan's alternatives, in their order. */
export const packOptions = (options: readonly SyntheticOption[]): SyntheticOptions => new PackedOptions(options);
