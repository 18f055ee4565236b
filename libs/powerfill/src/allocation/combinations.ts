import { type Mover } from './exchange-choice';
import { type Standing } from './neighbourhood-model';
import { type Restrictions } from './restrictions';
import { type Stage } from './stage';

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
 * change in the books. Reused from set to set.
 */
export class Combinations {
  /** Moves listed: entries `0 .. count - 1`; entry 0 moves nothing. */
  count = 0;
  /** Per entry what it gains by the guide, and in value, cents. */
  readonly gain: Float64Array;
  readonly value: Float64Array;
  /** Per entry and book what it changes: `change[entry * books + book]`. */
  change: Float64Array;
  /** Entries, the highest gain first. */
  order: Int32Array;
  private movers: readonly Mover[] = [];
  private step = new Float64Array(0);

  /** @param most entries listed at most; a mover that would pass it is left out */
  constructor(
    private readonly stage: Stage,
    private readonly restrictions: Restrictions,
    private readonly guide: Float64Array,
    private readonly most: number,
  ) {
    this.gain = new Float64Array(most);
    this.value = new Float64Array(most);
    this.change = new Float64Array(0);
    this.order = new Int32Array(0);
  }

  /** Lists the combinations of movers, which must not be more than `most`. */
  list(movers: readonly Mover[], from: Standing, books: Books): void {
    const { stage, guide, gain, value } = this;
    const width = books.trades.length + books.rows.length;
    if (this.change.length < this.most * width) this.change = new Float64Array(this.most * width);
    if (this.step.length < width) this.step = new Float64Array(width);
    const { change, step } = this;
    gain[0] = value[0] = 0;
    change.fill(0, 0, width);
    let count = 1;
    for (const { loan, options } of movers) {
      const current = from.option[loan]!;
      const others = count;
      for (const option of options) {
        const gained = (option < 0 ? 0 : guide[option]!) - (current < 0 ? 0 : guide[current]!);
        const earned = (option < 0 ? 0 : stage.net[option]!) - (current < 0 ? 0 : stage.net[current]!);
        step.fill(0, 0, width);
        if (current >= 0) this.enter(current, -1, books);
        if (option >= 0) this.enter(option, 1, books);
        for (let n = 0; n < others; n++, count++) {
          gain[count] = gain[n]! + gained;
          value[count] = value[n]! + earned;
          for (let d = 0; d < width; d++) change[count * width + d] = change[n * width + d]! + step[d]!;
        }
      }
    }
    this.count = count;
    this.movers = movers;
    this.order = Int32Array.from({ length: count }, (_, n) => n).sort((a, b) => gain[b]! - gain[a]! || a - b);
  }

  /** Makes the moves of an entry. */
  make(entry: number, assign: (loan: number, option: number) => void): void {
    let left = entry;
    for (const { loan, options } of this.movers) {
      const choices = options.length + 1;
      const chosen = left % choices;
      if (chosen > 0) assign(loan, options[chosen - 1]!);
      left = (left - chosen) / choices;
    }
  }

  private enter(o: number, sign: 1 | -1, { trades, slotOfTrade, slotOfRow }: Books): void {
    const { stage, restrictions, step } = this;
    step[slotOfTrade[stage.trade[o]!]!]! += sign * stage.amount[stage.loanOf[o]!]!;
    for (let n = restrictions.start[o]!; n < restrictions.start[o + 1]!; n++)
      step[trades.length + slotOfRow[restrictions.row[n]!]!]! += sign * restrictions.coefficient[n]!;
  }
}
