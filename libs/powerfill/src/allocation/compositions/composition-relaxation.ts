import { type Composition, TradeComposer } from './best-composition';
import { type CompositionMultipliers, type Evaluation, type Leftover } from './composition-multipliers';
import { rowCharge, type Restrictions } from '../stage/restrictions';
import { type Stage } from '../stage/stage';

/** A stage whose trades choose freely, each its best composition of the loans offered to it. */
export class CompositionRelaxation {
  private readonly composers: readonly TradeComposer[];
  /** 1 per row that options of several trades count in. */
  private readonly shared: Uint8Array;
  /** Per row the size of its largest coefficient, times the root of the trades that count in it. */
  readonly scale: Float64Array;

  constructor(
    private readonly stage: Stage,
    readonly restrictions: Restrictions,
  ) {
    const { trade, tradeCount } = stage;
    const { rowCount } = restrictions;
    const options = Array.from({ length: tradeCount }, (): number[] => []);
    const tradesIn = Array.from({ length: rowCount }, () => new Set<number>());
    const largest = new Float64Array(rowCount).fill(1);
    trade.forEach((j, o) => {
      options[j]!.push(o);
      for (let n = restrictions.start[o]!; n < restrictions.start[o + 1]!; n++) {
        const r = restrictions.row[n]!;
        tradesIn[r]!.add(j);
        largest[r] = Math.max(largest[r]!, Math.abs(restrictions.coefficient[n]!));
      }
    });
    this.shared = Uint8Array.from(tradesIn, (trades) => (trades.size > 1 ? 1 : 0));
    this.scale = largest.map((size, r) => size * Math.sqrt(Math.max(1, tradesIn[r]!.size)));
    const ownRows = Array.from({ length: tradeCount }, (): number[] => []);
    tradesIn.forEach((trades, r) => {
      if (trades.size === 1) for (const j of trades) ownRows[j]!.push(r);
    });
    this.composers = options.map((into, j) => new TradeComposer(stage, restrictions, j, into, ownRows[j]!));
  }

  /** Whether a row is relaxed, since options of several trades count in it. */
  isShared(r: number): boolean {
    return this.shared[r] === 1;
  }

  /**
   * What each trade chooses.
   *
   * @param profit per stage option, cents, its prices taken off
   */
  compose(profit: Float64Array, rowPrice: Float64Array, nodes: number, checkpoint: () => void): Composition[] {
    return this.composers.map((composer) => {
      checkpoint();
      return composer.compose(profit, rowPrice, nodes);
    });
  }

  /**
   * The bound at multipliers, and what the trades choose there.
   *
   * @param hold per stage option the cents that hold it in its trade, or out of it where below 0; of the former the bound
   *   takes for granted that they are held
   */
  evaluate(
    at: CompositionMultipliers,
    nodes: number,
    checkpoint: () => void,
    hold: Float64Array | null = null,
  ): Evaluation {
    const taken = new Float64Array(this.stage.net.length);
    const profit = this.profits(at);
    let total = this.priced(at);
    hold?.forEach((cents, o) => {
      profit[o]! += cents;
      total -= Math.max(0, cents);
    });
    for (const { bound, options } of this.compose(profit, at.rowPrice, nodes, checkpoint)) {
      total += bound;
      for (const o of options) taken[o] = 1;
    }
    return { bound: total, choice: { ...this.leftover(taken), taken } };
  }

  /** What is left over where each option is taken so often. */
  leftover(taken: Float64Array): Leftover {
    const { stage, restrictions, shared, scale } = this;
    const { start, row, coefficient, bound } = restrictions;
    const loans = new Float64Array(stage.loans.length).fill(1);
    const rows = bound.slice();
    for (let o = 0; o < taken.length; o++) {
      const share = taken[o]!;
      if (share === 0) continue;
      loans[stage.loanOf[o]!]! -= share;
      for (let n = start[o]!; n < start[o + 1]!; n++) rows[row[n]!]! -= share * coefficient[n]!;
    }
    return { loans, rows: rows.map((left, r) => (shared[r] === 1 ? left / scale[r]! : 0)) };
  }

  /** What the relaxed conditions pay back, cents. */
  private priced({ loanPrice, rowPrice }: CompositionMultipliers): number {
    let total = 0;
    for (const price of loanPrice) total += price;
    this.restrictions.bound.forEach((bound, r) => (total += this.shared[r] === 1 ? rowPrice[r]! * bound : 0));
    return total;
  }

  /** What each stage option earns its trade at multipliers, cents. */
  profits({ loanPrice, rowPrice }: CompositionMultipliers): Float64Array {
    const { stage, restrictions, shared } = this;
    const sharedPrice = rowPrice.map((price, r) => (shared[r] === 1 ? price : 0));
    const profit = new Float64Array(stage.net.length);
    for (let o = 0; o < profit.length; o++)
      profit[o] = stage.net[o]! - loanPrice[stage.loanOf[o]!]! - rowCharge(restrictions, o, sharedPrice);
    return profit;
  }
}
