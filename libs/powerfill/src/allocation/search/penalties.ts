import { type Random } from '../random';
import { type Restrictions } from '../stage/restrictions';
import { type SearchState } from './search-state';
import { Suspects } from './suspects';

/** Cents charged for what is missed, before each condition's own factor; what holds costs nothing. */
export interface PenaltyRates {
  /** Per unit of each row. */
  readonly row: Float64Array;
  /** Per cent a used trade is away from its must_reach, or from empty, whichever is nearer. */
  readonly reach: number;
  /** For every condition that must hold and is missed, by however little. */
  readonly fixed: number;
  /** For every loan that must be placed and is not. */
  readonly out: number;
}

/** How a condition's factor moves: up while it is missed, slowly down while it holds. */
export interface FactorPace {
  readonly up: number;
  readonly down: number;
}

const LEAST_FACTOR = 0.2;
const MOST_FACTOR = 1e3;
/** Options one move may enter and withdraw. */
const MOST_SHIFTS = 128;

/**
 * The penalties a searched assignment pays for conditions it misses. Each row, must_reach and loan that must be placed
 * has a factor of its own, so that what resists is weighed ever heavier and the rest does not hamper the search. A move
 * is weighed by `change`, which leaves the books at the state after the move; `undo` takes them back.
 */
export class Penalties {
  /** Number of conditions missed that must hold, and of those that need not. */
  violations = 0;
  missed = 0;
  /** Conditions are numbered: rows from 0, trades from here, loans from there. */
  readonly firstTrade: number;
  readonly firstLoan: number;
  /** Whatever is missed is among them. */
  private readonly suspects: Suspects;
  private readonly activity: Float64Array;
  private readonly rowFactor: Float64Array;
  private readonly reachFactor: Float64Array;
  private readonly outFactor: Float64Array;
  private readonly mustPlace: Uint8Array;
  private readonly touchedRow: Int32Array;
  private readonly touchedBy: Float64Array;
  private touchedCount = 0;
  private violationsBefore = 0;
  private missedBefore = 0;
  private cost = 0;

  constructor(
    private readonly state: SearchState,
    readonly restrictions: Restrictions,
    private readonly rates: PenaltyRates,
  ) {
    this.activity = new Float64Array(restrictions.rowCount);
    this.rowFactor = new Float64Array(restrictions.rowCount).fill(1);
    this.reachFactor = new Float64Array(state.stage.tradeCount).fill(1);
    this.outFactor = new Float64Array(state.loanCount).fill(1);
    this.mustPlace = Uint8Array.from(state.stageLoan, (s) => restrictions.mustPlace[s]!);
    this.firstTrade = restrictions.rowCount;
    this.firstLoan = this.firstTrade + state.stage.tradeCount;
    this.suspects = new Suspects(this.firstLoan + state.loanCount);
    const { start } = restrictions;
    let most = 0;
    for (let o = 0; o < start.length - 1; o++) most = Math.max(most, start[o + 1]! - start[o]!);
    this.touchedRow = new Int32Array(most * MOST_SHIFTS);
    this.touchedBy = new Float64Array(most * MOST_SHIFTS);
    for (let p = 0; p < state.loanCount; p++) {
      this.touchedCount = 0;
      if (state.option[p]! >= 0) this.shift(state.option[p]!, 1);
    }
    this.violations = 0;
    this.missed = 0;
    for (let id = 0; id < this.firstLoan + state.loanCount; id++) {
      if (!this.isMissed(id)) continue;
      const soft = id < this.firstTrade ? restrictions.soft[id] === 1 : id < this.firstLoan && restrictions.relaxed;
      this.count(soft, 1);
      this.suspects.add(id);
    }
  }

  /** A missed condition, drawn; -1 = none is. */
  drawMissed(random: Random): number {
    return this.suspects.draw(this.isMissed, random);
  }

  /** Whether a row is missed, at what is placed or with so much more. */
  isBroken(r: number, more = 0): boolean {
    return this.activity[r]! + more > this.restrictions.bound[r]!;
  }

  /** Whether a fill of trade j is neither empty nor at its must_reach. */
  missesReach(j: number, fill: number): boolean {
    return fill > 0 && fill < this.restrictions.mustReach[j]!;
  }

  /** Whether a loan must be placed and is not. */
  missesPlace(p: number): boolean {
    return this.mustPlace[p] === 1 && this.state.option[p]! < 0;
  }

  private readonly isMissed = (id: number): boolean => {
    if (id < this.firstTrade) return this.isBroken(id);
    if (id >= this.firstLoan) return this.missesPlace(id - this.firstLoan);
    return this.missesReach(id - this.firstTrade, this.state.fill[id - this.firstTrade]!);
  };

  /** What staying out costs a loan, cents. */
  outCost(p: number): number {
    return this.mustPlace[p] === 1 ? this.rates.out * this.outFactor[p]! : 0;
  }

  /** What the rows would charge an option if it were added to the books as they are, cents. */
  charge(o: number): number {
    const { start, row, coefficient, bound, soft } = this.restrictions;
    const option = this.state.stageOption[o]!;
    let cost = 0;
    for (let n = start[option]!; n < start[option + 1]!; n++) {
      const r = row[n]!;
      const before = this.activity[r]! - bound[r]!;
      const after = before + coefficient[n]!;
      if (before <= 0 && after <= 0) continue;
      let change = (Math.max(0, after) - Math.max(0, before)) * this.rates.row[r]!;
      if (soft[r] === 0) change += ((after > 0 ? 1 : 0) - (before > 0 ? 1 : 0)) * this.rates.fixed;
      cost += change * this.rowFactor[r]!;
    }
    return cost;
  }

  /** A trade short of its must_reach, drawn; -1 = none. */
  drawShort(random: Random): number {
    const { stage, fill } = this.state;
    if (this.violations + this.missed === 0) return -1;
    const first = random.below(Math.max(1, stage.tradeCount));
    for (let n = 0; n < stage.tradeCount; n++) {
      const j = (first + n) % stage.tradeCount;
      if (this.missesReach(j, fill[j]!)) return j;
    }
    return -1;
  }

  /** Moves the factors of all conditions that must hold by whether they do. */
  adapt({ up, down }: FactorPace): void {
    const { restrictions, state } = this;
    const next = (factor: number, missed: boolean): number =>
      missed ? Math.min(MOST_FACTOR, factor * up) : Math.max(LEAST_FACTOR, factor * down);
    for (let r = 0; r < restrictions.rowCount; r++)
      if (restrictions.soft[r] === 0) this.rowFactor[r] = next(this.rowFactor[r]!, this.isBroken(r));
    if (!restrictions.relaxed)
      for (let j = 0; j < state.stage.tradeCount; j++)
        this.reachFactor[j] = next(this.reachFactor[j]!, this.missesReach(j, state.fill[j]!));
    for (let p = 0; p < state.loanCount; p++)
      if (this.mustPlace[p] === 1) this.outFactor[p] = next(this.outFactor[p]!, this.missesPlace(p));
  }

  /**
   * Enters moved loans (option `from[n]` to `to[n]`) and fill changes; returns the change of the penalties, cents.
   */
  change(
    count: number,
    loans: ArrayLike<number>,
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
      else this.comeOrGo(loans[n]!, -1);
      if (to[n]! >= 0) this.shift(to[n]!, 1);
      else this.comeOrGo(loans[n]!, 1);
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
      if (now > 0) this.suspects.add(this.firstTrade + j);
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

  private comeOrGo(p: number, sign: 1 | -1): void {
    if (this.mustPlace[p] === 0) return;
    if (sign > 0) this.suspects.add(this.firstLoan + p);
    this.violations += sign;
    this.cost += sign * this.outCost(p);
  }

  private shift(o: number, sign: 1 | -1): void {
    const { start, row, coefficient, bound, soft } = this.restrictions;
    const option = this.state.stageOption[o]!;
    for (let n = start[option]!; n < start[option + 1]!; n++) {
      const r = row[n]!;
      const by = sign * coefficient[n]!;
      const before = this.activity[r]! - bound[r]!;
      const after = before + by;
      this.activity[r]! += by;
      this.touchedRow[this.touchedCount] = r;
      this.touchedBy[this.touchedCount] = by;
      this.touchedCount++;
      if (before <= 0 && after <= 0) continue;
      const factor = this.rowFactor[r]!;
      this.cost += (Math.max(0, after) - Math.max(0, before)) * this.rates.row[r]! * factor;
      const broken = (after > 0 ? 1 : 0) - (before > 0 ? 1 : 0);
      if (broken === 0) continue;
      if (broken > 0) this.suspects.add(r);
      if (soft[r] === 0) this.cost += broken * this.rates.fixed * factor;
      this.count(soft[r] === 1, broken);
    }
  }

  private count(soft: boolean, by: number): void {
    if (soft) this.missed += by;
    else this.violations += by;
  }

  private reachCost(j: number, fill: number): number {
    if (!this.missesReach(j, fill)) return 0;
    const missing = this.restrictions.mustReach[j]! - fill;
    const fixed = this.restrictions.relaxed ? 0 : this.rates.fixed;
    return (Math.min(fill, missing) * this.rates.reach + fixed) * this.reachFactor[j]!;
  }
}
