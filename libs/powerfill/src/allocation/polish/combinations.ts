import { type Mover } from './mover-drafts';
import { type Standing } from './neighbourhood-model';
import { type Restrictions } from '../stage/restrictions';
import { type Stage } from '../stage/stage';

/** The books a set of moves changes: fills of its trades first, then the activities of the rows its loans count in. */
export interface Books {
  readonly trades: readonly number[];
  readonly rows: readonly number[];
  /** Position of each trade and row in the books, where it is in them. */
  readonly slotOfTrade: Int32Array;
  readonly slotOfRow: Int32Array;
}

/**
 * All combinations of the moves of a few loans, each loan making one of its moves or none: what they gain and what they
 * change in the books, the highest gain first. Reused from set to set.
 */
export class Combinations {
  count = 0;
  /** Per combination what it gains by the guide, and in value, cents. */
  readonly gain: Float64Array;
  readonly value: Float64Array;
  /** Per combination and book what it changes: `change[n * books + book]`. */
  change = new Float64Array(0);
  /** Per book what any of them takes from it at most, and brings to it. */
  least = new Float64Array(0);
  most = new Float64Array(0);
  private movers: readonly Mover[] = [];
  // As they are built, the one that moves nothing first, and the order they are listed in.
  private readonly builtGain: Float64Array;
  private readonly builtValue: Float64Array;
  private builtChange = new Float64Array(0);
  private readonly order: Int32Array;
  // While an order is extended: that of the first combinations, and that of all before the block that is merged.
  private readonly firstOrder: Int32Array;
  private readonly orderBefore: Int32Array;
  private step = new Float64Array(0);

  /** @param size combinations listed at most */
  constructor(
    private readonly stage: Stage,
    private readonly restrictions: Restrictions,
    private readonly guide: Float64Array,
    private readonly size: number,
  ) {
    this.gain = new Float64Array(size);
    this.value = new Float64Array(size);
    this.order = new Int32Array(size);
    this.firstOrder = new Int32Array(size);
    this.orderBefore = new Int32Array(size);
    this.builtGain = new Float64Array(size);
    this.builtValue = new Float64Array(size);
  }

  /** Lists the combinations of movers, which must not be more than `size`. */
  list(movers: readonly Mover[], from: Standing, books: Books): void {
    const width = books.trades.length + books.rows.length;
    if (this.change.length < this.size * width) {
      this.change = new Float64Array(this.size * width);
      this.builtChange = new Float64Array(this.size * width);
      this.step = new Float64Array(width);
      this.least = new Float64Array(width);
      this.most = new Float64Array(width);
    }
    this.movers = movers;
    this.build(from, books, width);
    const { count, order, gain, value, change, least, most, builtGain, builtValue, builtChange } = this;
    least.fill(0);
    most.fill(0);
    for (let n = 0; n < count; n++) {
      const at = order[n]!;
      gain[n] = builtGain[at]!;
      value[n] = builtValue[at]!;
      for (let d = 0; d < width; d++) {
        const by = builtChange[at * width + d]!;
        change[n * width + d] = by;
        if (by < least[d]!) least[d] = by;
        else if (by > most[d]!) most[d] = by;
      }
    }
  }

  /** Makes the moves of a listed combination. */
  make(n: number, assign: (loan: number, option: number) => void): void {
    let left = this.order[n]!;
    for (const { loan, options } of this.movers) {
      const choices = options.length + 1;
      const chosen = left % choices;
      if (chosen > 0) assign(loan, options[chosen - 1]!);
      left = (left - chosen) / choices;
    }
  }

  /** Where the combination that moves nothing is listed. */
  idle(): number {
    return this.order.indexOf(0);
  }

  private build(from: Standing, books: Books, width: number): void {
    const { stage, guide, builtGain, builtValue, builtChange, step } = this;
    builtGain[0] = builtValue[0] = 0;
    builtChange.fill(0, 0, width);
    this.order[0] = 0;
    let count = 1;
    for (const { loan, options } of this.movers) {
      const current = from.option[loan]!;
      const others = count;
      for (const option of options) {
        const gained = (option < 0 ? 0 : guide[option]!) - (current < 0 ? 0 : guide[current]!);
        const earned = (option < 0 ? 0 : stage.net[option]!) - (current < 0 ? 0 : stage.net[current]!);
        step.fill(0, 0, width);
        if (current >= 0) this.enter(current, -1, books);
        if (option >= 0) this.enter(option, 1, books);
        for (let n = 0; n < others; n++, count++) {
          builtGain[count] = builtGain[n]! + gained;
          builtValue[count] = builtValue[n]! + earned;
          for (let d = 0; d < width; d++) builtChange[count * width + d] = builtChange[n * width + d]! + step[d]!;
        }
      }
      this.extendOrder(others, count);
    }
    this.count = count;
  }

  /**
   * Extends the order of the first combinations to those that repeat them with one more loan moved, a block for each of
   * its moves: each block is in the same order, so that they are merged.
   */
  private extendOrder(others: number, count: number): void {
    const { builtGain, order, firstOrder, orderBefore } = this;
    firstOrder.set(order.subarray(0, others));
    for (let block = others; block < count; block += others) {
      orderBefore.set(order.subarray(0, block));
      let a = 0;
      let b = 0;
      for (let n = 0; n < block + others; n++) {
        const own = b < others ? block + firstOrder[b]! : -1;
        if (own < 0 || (a < block && builtGain[orderBefore[a]!]! >= builtGain[own]!)) order[n] = orderBefore[a++]!;
        else {
          order[n] = own;
          b++;
        }
      }
    }
  }

  private enter(o: number, sign: 1 | -1, { trades, slotOfTrade, slotOfRow }: Books): void {
    const { stage, restrictions, step } = this;
    step[slotOfTrade[stage.trade[o]!]!]! += sign * stage.amount[stage.loanOf[o]!]!;
    for (let n = restrictions.start[o]!; n < restrictions.start[o + 1]!; n++)
      step[trades.length + slotOfRow[restrictions.row[n]!]!]! += sign * restrictions.coefficient[n]!;
  }
}
