import { type Restrictions } from './restrictions';

/** What relaxes "a loan goes to one trade" and the rows of several trades. */
export interface CompositionMultipliers {
  /** Per stage loan, cents; at least 0 where the loan may stay out. */
  readonly loanPrice: Float64Array;
  /** Per restriction row, cents per unit, at least 0. */
  readonly rowPrice: Float64Array;
}

/** Share of the last direction that is kept. */
const MOMENTUM = 0.3;

/** Multipliers that follow the subgradients of a relaxation by compositions. */
export class MovingMultipliers implements CompositionMultipliers {
  readonly loanPrice: Float64Array;
  readonly rowPrice: Float64Array;
  private readonly loanWay: Float64Array;
  private readonly rowWay: Float64Array;

  /**
   * @param shared 1 per row that is relaxed
   * @param scale largest size of a coefficient per row
   */
  constructor(
    start: CompositionMultipliers,
    private readonly restrictions: Restrictions,
    private readonly shared: Uint8Array,
    private readonly scale: Float64Array,
  ) {
    this.loanPrice = start.loanPrice.slice();
    this.rowPrice = start.rowPrice.slice();
    this.loanWay = new Float64Array(start.loanPrice.length);
    this.rowWay = new Float64Array(start.rowPrice.length);
  }

  copy(): CompositionMultipliers {
    return { loanPrice: this.loanPrice.slice(), rowPrice: this.rowPrice.slice() };
  }

  /** Goes back to multipliers met before, without a direction. */
  restart({ loanPrice, rowPrice }: CompositionMultipliers): void {
    this.loanPrice.set(loanPrice);
    this.rowPrice.set(rowPrice);
    this.loanWay.fill(0);
    this.rowWay.fill(0);
  }

  /**
   * Turns towards what the trades chose: loans taken twice become dearer, those not taken cheaper, rows likewise.
   *
   * @param taken per loan how many trades took it
   * @param activity per row what was taken
   * @returns the square of the direction's length; 0 = all relaxed conditions hold as they stand
   */
  turn(taken: Float64Array, activity: Float64Array): number {
    const { loanWay, rowWay, shared, scale } = this;
    const { bound } = this.restrictions;
    let norm = 0;
    for (let s = 0; s < loanWay.length; s++) {
      loanWay[s] = (1 - MOMENTUM) * (1 - taken[s]!) + MOMENTUM * loanWay[s]!;
      norm += loanWay[s]! * loanWay[s]!;
    }
    for (let r = 0; r < rowWay.length; r++) {
      if (shared[r] === 0) continue;
      rowWay[r] = ((1 - MOMENTUM) * (bound[r]! - activity[r]!)) / scale[r]! + MOMENTUM * rowWay[r]!;
      norm += rowWay[r]! * rowWay[r]!;
    }
    return norm;
  }

  move(by: number): void {
    const { loanPrice, rowPrice, loanWay, rowWay, shared, scale } = this;
    for (let s = 0; s < loanPrice.length; s++) {
      const price = loanPrice[s]! - by * loanWay[s]!;
      loanPrice[s] = this.restrictions.mustPlace[s] === 1 ? price : Math.max(0, price);
    }
    for (let r = 0; r < rowPrice.length; r++)
      if (shared[r] === 1) rowPrice[r] = Math.max(0, rowPrice[r]! - (by * rowWay[r]!) / scale[r]!);
  }
}
