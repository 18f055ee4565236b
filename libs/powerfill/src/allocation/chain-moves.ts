import { type Penalties } from './penalties';
import { type Random } from './random';
import { type SearchState } from './search-state';

/** Loans one chain may move, the first included. */
const MAX_MOVED = 6;
/** Share of the moves that try any option of any loan, where conditions may force a loan far from its best. */
const WIDE_SHARE = 0.15;
/** Share of the moves into a trade with room that take another loan out all the same, where conditions may bind. */
const EXCHANGE_SHARE = 0.4;
/** Trades one chain may push a loan into beyond their room. */
const MAX_DEPTH = 3;

/**
 * Draws, judges and makes the moves of the local search. A move gives a loan another option near its best reduced
 * value. Where the trade is full, one loan (now and then several) is ejected; the last one ejected takes the best place
 * it finds - the place just left makes it a swap, staying out a replacement - or is pushed into another full trade, from
 * which the chain goes on.
 */
export class ChainMoves {
  /** Loss a move may make, cents; 0 accepts no loss. */
  temperature = 0;
  /** No loan has a choice. */
  readonly idle: boolean;
  /** Loans with something to choose, and their near options (-1 = stay out). */
  private readonly active: Int32Array;
  private readonly nearStart: Int32Array;
  private readonly near: Int32Array;
  /** The chain so far: loans moved, and the options they get. */
  private readonly loans = new Int32Array(MAX_MOVED);
  private readonly options = new Int32Array(MAX_MOVED);
  private readonly oldOptions = new Int32Array(MAX_MOVED);
  private moved = 0;
  /** Fills the chain changed, with the change, to take back what is refused. */
  private readonly touched = new Int32Array(2 * MAX_MOVED);
  private readonly change = new Float64Array(2 * MAX_MOVED);
  private touchedCount = 0;
  private gain = 0;
  private bestOption = -1;
  private bestGain = 0;

  /**
   * @param guide reduced value of each stage option (`reducedValues`), cents
   * @param nearTie options that lose more than this by the guide are not tried, cents
   * @param penalties charged for missed conditions; null = there are none
   * @param outCost per searched loan what staying out costs, cents; null = nothing
   */
  constructor(
    private readonly state: SearchState,
    guide: Float64Array,
    nearTie: number,
    private readonly random: Random,
    private readonly penalties: Penalties | null = null,
    private readonly outCost: Float64Array | null = null,
  ) {
    const { start, stageOption } = state;
    const active: number[] = [];
    const near: number[] = [];
    const nearStart = [0];
    for (let p = 0; p < state.loanCount; p++) {
      const out = -(outCost?.[p] ?? 0);
      let best = out;
      for (let o = start[p]!; o < start[p + 1]!; o++) best = Math.max(best, guide[stageOption[o]!]!);
      const before = near.length;
      if (best - out <= nearTie) near.push(-1);
      for (let o = start[p]!; o < start[p + 1]!; o++) if (guide[stageOption[o]!]! >= best - nearTie) near.push(o);
      if (near.length - before < 2 && state.option[p] === near[before]) near.length = before;
      else {
        active.push(p);
        nearStart.push(near.length);
      }
    }
    this.active = Int32Array.from(active);
    this.near = Int32Array.from(near);
    this.nearStart = Int32Array.from(nearStart);
    this.idle = penalties === null ? active.length === 0 : state.loanCount === 0;
  }

  /** Tries one move; returns the change of the objective less the cost of staying out, 0 when it is refused. */
  move(): number {
    const { state, random } = this;
    let p: number;
    let o: number;
    if (this.penalties !== null && (this.active.length === 0 || random.unit() < WIDE_SHARE)) {
      p = random.below(state.loanCount);
      o = state.start[p]! - 1 + random.below(state.start[p + 1]! - state.start[p]! + 1);
      if (o < state.start[p]!) o = -1;
    } else {
      const n = random.below(this.active.length);
      p = this.active[n]!;
      const first = this.nearStart[n]!;
      o = this.near[first + random.below(this.nearStart[n + 1]! - first)]!;
    }
    if (o === state.option[p]) return 0;
    this.touchedCount = 0;
    this.moved = 0;
    this.gain = 0;
    const worst = -this.tolerance();
    this.takeOut(p);
    this.putIn(o);
    if (o < 0) return this.attempt(worst) ? this.gain : this.refuse();

    let full = state.trade[o]!;
    for (let depth = 0; depth < MAX_DEPTH; depth++) {
      let q = this.makeRoom(full);
      if (q === FITS && this.penalties !== null && depth === 0 && random.unit() < EXCHANGE_SHARE)
        q = this.ejectAny(full);
      if (q === FITS) return this.attempt(worst) ? this.gain : this.refuse();
      if (q < 0) return this.refuse();
      this.findPlace(q, full);
      if (this.gain + this.bestGain >= worst || this.isRepairing()) {
        this.putIn(this.bestOption);
        if (this.attempt(worst)) return this.gain;
        this.takeBack();
      }
      const firstOption = state.start[q]!;
      const pushed = firstOption + random.below(state.start[q + 1]! - firstOption);
      if (state.trade[pushed] === full) return this.refuse();
      full = state.trade[pushed]!;
      this.putIn(pushed);
    }
    return this.refuse();
  }

  /**
   * Ejects loans from a trade until it is within its room; all but the last take their best place at once.
   *
   * @returns the last loan ejected, still without a place; `FITS` when none had to go; `STUCK`
   */
  private makeRoom(full: number): number {
    const { state } = this;
    for (let ejected = 0; ejected < 3; ejected++) {
      const over = state.fill[full]! - state.stage.room[full]!;
      if (over <= 0) return FITS;
      if (this.moved === MAX_MOVED) return STUCK;
      const q = this.pickMember(full, over);
      if (q < 0) return STUCK;
      this.takeOut(q);
      if (state.amount[q]! >= over) return q;
      this.findPlace(q, full);
      this.putIn(this.bestOption);
    }
    return STUCK;
  }

  /** Ejects any loan of a trade, though it has room: where limits bind, loans must change places rather than join. */
  private ejectAny(k: number): number {
    const { state } = this;
    const count = state.memberCount[k]!;
    if (count === 0) return FITS;
    const q = state.members[k]![this.random.below(count)]!;
    if (q === this.loans[0]) return FITS;
    this.takeOut(q);
    return q;
  }

  /** A loan of trade k: mostly one of the smallest that make room for `over`, now and then any smaller one. */
  private pickMember(k: number, over: number): number {
    const { state, random } = this;
    const from = state.positionOf(k, over);
    const count = state.memberCount[k]!;
    const u = random.unit();
    let at: number;
    if (from > 0 && (from === count || u < 0.15)) at = random.below(from);
    else if (from === count) return STUCK;
    else at = from + Math.floor(u * u * u * (count - from));
    const q = state.members[k]![at]!;
    for (let n = 0; n < this.moved; n++) if (this.loans[n] === q) return STUCK;
    return q;
  }

  /** Where loan q, just taken out of trade `left`, earns most without passing any room; staying out earns 0. */
  private findPlace(q: number, left: number): void {
    const { state } = this;
    const amount = state.amount[q]!;
    this.bestOption = -1;
    this.bestGain = -(this.outCost?.[q] ?? 0);
    for (let o = state.start[q]!; o < state.start[q + 1]!; o++) {
      const j = state.trade[o]!;
      if (state.fill[j]! + amount > state.stage.room[j]! || j === left) continue;
      const gain = state.net[o]! + state.pairOffGain(j, amount);
      if (gain > this.bestGain) {
        this.bestOption = o;
        this.bestGain = gain;
      }
    }
  }

  private takeOut(p: number): void {
    const { state } = this;
    const o = state.option[p]!;
    this.loans[this.moved] = p;
    this.oldOptions[this.moved] = o;
    if (o < 0) {
      this.gain += this.outCost?.[p] ?? 0;
      return;
    }
    this.gain -= state.net[o]!;
    this.pour(state.trade[o]!, -state.amount[p]!);
  }

  /** Gives the loan taken out last an option (-1 = it stays out). */
  private putIn(o: number): void {
    const { state } = this;
    this.options[this.moved] = o;
    if (o >= 0) {
      this.gain += state.net[o]!;
      this.pour(state.trade[o]!, state.amount[this.loans[this.moved]!]!);
    } else this.gain -= this.outCost?.[this.loans[this.moved]!] ?? 0;
    this.moved++;
  }

  /** Takes the place `putIn` gave last away again; the loan stays taken out. */
  private takeBack(): void {
    const { state } = this;
    const o = this.options[--this.moved]!;
    const p = this.loans[this.moved]!;
    if (o < 0) {
      this.gain += this.outCost?.[p] ?? 0;
      return;
    }
    this.gain -= state.net[o]!;
    const j = state.trade[o]!;
    this.gain += state.pairOffGain(j, -state.amount[p]!);
    state.fill[j]! -= state.amount[p]!;
    this.touchedCount--;
  }

  /** While a condition is missed, moves that cost money may pay by what they mend. */
  private isRepairing(): boolean {
    return this.penalties !== null && this.penalties.violations + this.penalties.missed > 0;
  }

  private pour(j: number, by: number): void {
    this.gain += this.state.pairOffGain(j, by);
    this.state.fill[j]! += by;
    this.touched[this.touchedCount] = j;
    this.change[this.touchedCount++] = by;
  }

  /** The loss this move may make: heavy-tailed, by arithmetic that is the same on every machine. */
  private tolerance(): number {
    if (this.temperature === 0) return 0;
    const u = this.random.unit();
    return (this.temperature * (1 - u)) / (u + 0.1);
  }

  /** Makes the chain as it stands, if it loses no more than `worst`, penalties included. */
  private attempt(worst: number): boolean {
    const { penalties, state } = this;
    if (this.gain < worst && !this.isRepairing()) return false;
    if (penalties !== null) {
      const { moved, oldOptions, options, touchedCount, touched, change } = this;
      const cost = penalties.change(moved, oldOptions, options, touchedCount, touched, change);
      if (this.gain - cost < worst) {
        penalties.undo();
        return false;
      }
    }
    for (let n = 0; n < this.moved; n++) state.assign(this.loans[n]!, this.options[n]!);
    return true;
  }

  private refuse(): number {
    while (this.touchedCount > 0) {
      const n = --this.touchedCount;
      this.state.fill[this.touched[n]!]! -= this.change[n]!;
    }
    return 0;
  }
}

/** Answers of `makeRoom` beside a loan. */
const FITS = -1;
const STUCK = -2;
