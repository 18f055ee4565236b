import { type Restrictions } from './restrictions';
import { type SearchState } from './search-state';

/** Cents charged per unit by which a condition is missed; what holds costs nothing. */
export interface PenaltyRates {
  /** Per unit of each row. */
  readonly row: Float64Array;
  /** Per cent a used trade is away from its must_reach, or from empty, whichever is nearer. */
  readonly reach: number;
  /** Cents for every condition that must hold and is missed, by however little. */
  readonly fixed: number;
}

/**
 * The penalties a searched assignment pays for conditions it misses. A move is weighed by `change`, which leaves the
 * books at the state after the move; `undo` takes them back.
 */
export class Penalties {
  /** Number of conditions missed that must hold, and of those that need not. */
  violations = 0;
  missed = 0;
  private readonly activity: Float64Array;
  private readonly touchedRow: Int32Array;
  private readonly touchedBy: Float64Array;
  private touchedCount = 0;
  private violationsBefore = 0;
  private missedBefore = 0;
  private cost = 0;

  constructor(
    private readonly state: SearchState,
    private readonly restrictions: Restrictions,
    private readonly rates: PenaltyRates,
  ) {
    this.activity = new Float64Array(restrictions.rowCount);
    this.touchedRow = new Int32Array(4096);
    this.touchedBy = new Float64Array(4096);
    for (let p = 0; p < state.loanCount; p++) {
      this.touchedCount = 0;
      if (state.option[p]! >= 0) this.shift(state.option[p]!, 1);
    }
    this.violations = 0;
    this.missed = 0;
    for (let r = 0; r < restrictions.rowCount; r++)
      if (this.activity[r]! > restrictions.bound[r]!) this.count(restrictions.soft[r] === 1, 1);
    for (let j = 0; j < state.stage.tradeCount; j++)
      if (this.reachCost(j, state.fill[j]!) > 0) this.count(restrictions.relaxed, 1);
  }

  /** Enters moved loans (option `from[n]` to `to[n]`) and fill changes; returns the change of the penalties, cents. */
  change(
    count: number,
    from: ArrayLike<number>,
    to: ArrayLike<number>,
    trades: number,
    trade: ArrayLike<number>,
    by: ArrayLike<number>,
  ): number {
    this.violationsBefore = this.violations;
    this.missedBefore = this.missed;
    this.cost = 0;
    this.touchedCount = 0;
    for (let n = 0; n < count; n++) {
      if (from[n]! >= 0) this.shift(from[n]!, -1);
      if (to[n]! >= 0) this.shift(to[n]!, 1);
    }
    for (let n = 0; n < trades; n++) {
      const j = trade[n]!;
      if (this.restrictions.mustReach[j] === 0) continue;
      // The fills already hold all changes: walk them back one by one, so that each is counted from where it stood.
      let after = this.state.fill[j]!;
      for (let later = n + 1; later < trades; later++) if (trade[later] === j) after -= by[later]!;
      const now = this.reachCost(j, after);
      const then = this.reachCost(j, after - by[n]!);
      this.cost += now - then;
      this.count(this.restrictions.relaxed, (now > 0 ? 1 : 0) - (then > 0 ? 1 : 0));
    }
    return this.cost;
  }

  undo(): void {
    while (this.touchedCount > 0) {
      const n = --this.touchedCount;
      this.activity[this.touchedRow[n]!]! -= this.touchedBy[n]!;
    }
    this.violations = this.violationsBefore;
    this.missed = this.missedBefore;
  }

  private shift(o: number, sign: 1 | -1): void {
    const { start, row, coefficient } = this.restrictions;
    const option = this.state.stageOption[o]!;
    for (let n = start[option]!; n < start[option + 1]!; n++) {
      const r = row[n]!;
      const by = sign * coefficient[n]!;
      const before = this.activity[r]! - this.restrictions.bound[r]!;
      const after = before + by;
      this.activity[r]! += by;
      const broken = (after > 0 ? 1 : 0) - (before > 0 ? 1 : 0);
      this.cost += (Math.max(0, after) - Math.max(0, before)) * this.rates.row[r]!;
      if (broken !== 0) {
        const soft = this.restrictions.soft[r] === 1;
        if (!soft) this.cost += broken * this.rates.fixed;
        this.count(soft, broken);
      }
      this.touchedRow[this.touchedCount] = r;
      this.touchedBy[this.touchedCount] = by;
      this.touchedCount++;
    }
  }

  private count(soft: boolean, by: number): void {
    if (soft) this.missed += by;
    else this.violations += by;
  }

  private reachCost(j: number, fill: number): number {
    const missing = this.restrictions.mustReach[j]! - fill;
    if (fill === 0 || missing <= 0) return 0;
    const fixed = this.restrictions.relaxed ? 0 : this.rates.fixed;
    return Math.min(fill, missing) * this.rates.reach + fixed;
  }
}
