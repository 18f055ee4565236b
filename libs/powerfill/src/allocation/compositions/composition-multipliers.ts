import { type Restrictions } from '../stage/restrictions';

/** What relaxes "a loan goes to one trade" and the rows of several trades. */
export interface CompositionMultipliers {
  /** Per stage loan, cents; at least 0 where the loan may stay out. */
  readonly loanPrice: Float64Array;
  /** Per restriction row, cents per unit, at least 0. */
  readonly rowPrice: Float64Array;
}

/** By how much the relaxed conditions are not used up, negative where they are broken: a subgradient of the bound. */
export interface Leftover {
  /** Per stage loan: 1 where no trade takes it, -1 where two do. */
  readonly loans: Float64Array;
  /** Per restriction row, in units of its scale; 0 where the row is not relaxed. */
  readonly rows: Float64Array;
}

/** What the trades choose at multipliers. */
export interface Choice extends Leftover {
  /** Per stage option: 1 where its trade takes it. */
  readonly taken: Float64Array;
}

/** What a relaxation by compositions is worth at multipliers. */
export interface Evaluation {
  /** Cents; no assignment is worth more. */
  readonly bound: number;
  readonly choice: Choice;
}

/** Multipliers moved a way against what is left over: loans nobody takes become cheaper, those taken twice dearer. */
export function movedAgainst(
  { loanPrice, rowPrice }: CompositionMultipliers,
  { loans, rows }: Leftover,
  way: number,
  { mustPlace }: Restrictions,
  rowScale: Float64Array,
): CompositionMultipliers {
  return {
    loanPrice: loanPrice.map((price, s) => {
      const moved = price - way * loans[s]!;
      return mustPlace[s] === 1 ? moved : Math.max(0, moved);
    }),
    rowPrice: rowPrice.map((price, r) => Math.max(0, price - (way * rows[r]!) / rowScale[r]!)),
  };
}

/** Largest share of the newest in the mean, and the smallest. */
const MOST_OF_NEWEST = 0.2;
const LEAST_OF_NEWEST = 0.01;

/**
 * A running mean of choices. Of many compositions that a trade is indifferent between, it tells how often each would be
 * taken in the optimum of the relaxation, where a single choice says little.
 */
export class MeanChoice implements Choice {
  readonly loans: Float64Array;
  readonly rows: Float64Array;
  readonly taken: Float64Array;

  constructor(first: Choice) {
    this.loans = first.loans.slice();
    this.rows = first.rows.slice();
    this.taken = first.taken.slice();
  }

  /** Takes the newest into the mean, with the share that leaves the least over. */
  take(newest: Choice): void {
    const toNewest = { loans: minus(newest.loans, this.loans), rows: minus(newest.rows, this.rows) };
    const shortest = -product(this, toNewest) / product(toNewest, toNewest);
    const share = Math.min(MOST_OF_NEWEST, Math.max(LEAST_OF_NEWEST, shortest || 0));
    toNewest.loans.forEach((way, s) => (this.loans[s]! += share * way));
    toNewest.rows.forEach((way, r) => (this.rows[r]! += share * way));
    const { taken } = this;
    for (let o = 0; o < taken.length; o++) taken[o]! += share * (newest.taken[o]! - taken[o]!);
  }
}

function minus(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, n) => value - b[n]!);
}

/** Inner product. */
export function product(a: Leftover, b: Leftover): number {
  let sum = 0;
  a.loans.forEach((value, s) => (sum += value * b.loans[s]!));
  a.rows.forEach((value, r) => (sum += value * b.rows[r]!));
  return sum;
}
