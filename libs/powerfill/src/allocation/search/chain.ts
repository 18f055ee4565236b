import { type Penalties } from './penalties';
import { type SearchState } from './search-state';

/**
 * A compound move of the local search while it is put together: loans taken out of their places and put into others,
 * with the fills and the objective it would bring. It is made or refused as a whole.
 */
export class Chain {
  /** Loans moved, and the options they had and get; the first `moved` entries are complete. */
  readonly loans: Int32Array;
  readonly options: Int32Array;
  moved = 0;
  /** Change of the objective so far, cents. */
  gain = 0;
  /** Fills changed, with the change, in order. */
  readonly touched: Int32Array;
  readonly change: Float64Array;
  touchedCount = 0;
  /** What `findPlace` found last; -1 = staying out. */
  bestOption = -1;
  bestGain = 0;
  private readonly oldOptions: Int32Array;

  /**
   * @param most loans it may move
   * @param penalties charged for missed conditions; null = there are none
   */
  constructor(
    private readonly state: SearchState,
    readonly most: number,
    private readonly penalties: Penalties | null,
  ) {
    this.loans = new Int32Array(most);
    this.options = new Int32Array(most);
    this.oldOptions = new Int32Array(most);
    this.touched = new Int32Array(2 * most);
    this.change = new Float64Array(2 * most);
  }

  begin(): void {
    this.touchedCount = 0;
    this.moved = 0;
    this.gain = 0;
  }

  isMoved(q: number): boolean {
    for (let n = 0; n < this.moved; n++) if (this.loans[n] === q) return true;
    return false;
  }

  takeOut(p: number): void {
    const { state } = this;
    const o = state.option[p]!;
    this.loans[this.moved] = p;
    this.oldOptions[this.moved] = o;
    if (o < 0) return;
    this.gain -= state.net[o]!;
    this.pour(state.trade[o]!, -state.amount[p]!);
  }

  /** Gives the loan taken out last an option (-1 = it stays out). */
  putIn(o: number): void {
    const { state } = this;
    this.options[this.moved] = o;
    if (o >= 0) {
      this.gain += state.net[o]!;
      this.pour(state.trade[o]!, state.amount[this.loans[this.moved]!]!);
    }
    this.moved++;
  }

  /** Takes the place `putIn` gave last away again; the loan stays taken out. */
  takeBack(): void {
    const { state } = this;
    const o = this.options[--this.moved]!;
    if (o < 0) return;
    const amount = state.amount[this.loans[this.moved]!]!;
    const j = state.trade[o]!;
    this.gain += state.pairOffGain(j, -amount) - state.net[o]!;
    state.fill[j]! -= amount;
    this.touchedCount--;
  }

  /** Returns the loan `takeOut` took last to the place it had. */
  putBack(): void {
    const { state } = this;
    const o = this.oldOptions[this.moved]!;
    if (o < 0) return;
    const j = state.trade[o]!;
    const amount = state.amount[this.loans[this.moved]!]!;
    this.gain += state.net[o]! + state.pairOffGain(j, amount);
    state.fill[j]! += amount;
    this.touchedCount--;
  }

  /** Where loan q, just taken out of trade `left`, earns most without passing any room, or that it stays out. */
  findPlace(q: number, left: number): void {
    const { state, penalties } = this;
    const { trade, fill, net } = state;
    const { room } = state.stage;
    const amount = state.amount[q]!;
    const end = state.start[q + 1]!;
    let bestOption = -1;
    let bestGain = -this.outCost(q);
    for (let o = state.start[q]!; o < end; o++) {
      const j = trade[o]!;
      if (fill[j]! + amount > room[j]! || j === left) continue;
      let gain = net[o]! + state.pairOffGain(j, amount);
      if (gain <= bestGain) continue;
      if (penalties !== null) gain -= penalties.charge(o);
      if (gain <= bestGain) continue;
      bestOption = o;
      bestGain = gain;
    }
    this.bestOption = bestOption;
    this.bestGain = bestGain;
  }

  /** What staying out costs a loan beside its value, cents. */
  outCost(p: number): number {
    return this.penalties?.outCost(p) ?? 0;
  }

  /** While a condition is missed, moves that cost money may pay by what they mend. */
  isRepairing(): boolean {
    return this.penalties !== null && this.penalties.violations + this.penalties.missed > 0;
  }

  /** Makes the chain as it stands, if it loses no more than `worst`, penalties included. */
  attempt(worst: number): boolean {
    const { penalties, state } = this;
    if (this.gain < worst && !this.isRepairing()) return false;
    if (penalties !== null) {
      const { loans, moved, oldOptions, options, touchedCount, touched, change } = this;
      const cost = penalties.change(moved, loans, oldOptions, options, touchedCount, touched, change);
      if (this.gain - cost < worst) {
        penalties.undo();
        return false;
      }
    }
    for (let n = 0; n < this.moved; n++) state.assign(this.loans[n]!, this.options[n]!);
    return true;
  }

  /** Takes everything back. */
  refuse(): number {
    while (this.touchedCount > 0) {
      const n = --this.touchedCount;
      this.state.fill[this.touched[n]!]! -= this.change[n]!;
    }
    return 0;
  }

  private pour(j: number, by: number): void {
    this.gain += this.state.pairOffGain(j, by);
    this.state.fill[j]! += by;
    this.touched[this.touchedCount] = j;
    this.change[this.touchedCount++] = by;
  }
}
