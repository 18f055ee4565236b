import { type Random } from './random';
import { type Restrictions } from './restrictions';
import { type SearchState } from './search-state';

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
/** Draws in search of a loan that counts in a row. */
const DRAWS = 16;

/**
 * The penalties a searched assignment pays for conditions it misses. Each row, must_reach and loan that must be placed
 * has a factor of its own, so that what resists is weighed ever heavier and the rest does not hamper the search. A move
 * is weighed by `change`, which leaves the books at the state after the move; `undo` takes them back.
 */
export class Penalties {
  /** Number of conditions missed that must hold, and of those that need not. */
  violations = 0;
  missed = 0;
  /** What `drawMend` found. */
  mendLoan = -1;
  mendOption = -1;
  private readonly activity: Float64Array;
  private readonly rowFactor: Float64Array;
  private readonly reachFactor: Float64Array;
  private readonly outFactor: Float64Array;
  private readonly mustPlace: Uint8Array;
  /** Search options and loans that count in each row: `rowStart[r] .. rowStart[r + 1] - 1`. */
  private readonly rowStart: Int32Array;
  private readonly rowOption: Int32Array;
  private readonly rowLoan: Int32Array;
  private readonly rowCoefficient: Float64Array;
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
    this.rowFactor = new Float64Array(restrictions.rowCount).fill(1);
    this.reachFactor = new Float64Array(state.stage.tradeCount).fill(1);
    this.outFactor = new Float64Array(state.loanCount).fill(1);
    this.mustPlace = Uint8Array.from(state.stageLoan, (s) => restrictions.mustPlace[s]!);
    const { start, row, coefficient } = restrictions;
    let most = 0;
    for (let o = 0; o < start.length - 1; o++) most = Math.max(most, start[o + 1]! - start[o]!);
    this.touchedRow = new Int32Array(most * MOST_SHIFTS);
    this.touchedBy = new Float64Array(most * MOST_SHIFTS);
    this.rowStart = new Int32Array(restrictions.rowCount + 1);
    for (const r of row) this.rowStart[r + 1]!++;
    for (let r = 0; r < restrictions.rowCount; r++) this.rowStart[r + 1]! += this.rowStart[r]!;
    this.rowOption = new Int32Array(row.length);
    this.rowLoan = new Int32Array(row.length);
    this.rowCoefficient = new Float64Array(row.length);
    const next = this.rowStart.slice();
    for (let p = 0; p < state.loanCount; p++)
      for (let o = state.start[p]!; o < state.start[p + 1]!; o++)
        for (let n = start[state.stageOption[o]!]!; n < start[state.stageOption[o]! + 1]!; n++) {
          const at = next[row[n]!]!++;
          this.rowOption[at] = o;
          this.rowLoan[at] = p;
          this.rowCoefficient[at] = coefficient[n]!;
        }
    for (let p = 0; p < state.loanCount; p++) {
      this.touchedCount = 0;
      if (state.option[p]! >= 0) this.shift(state.option[p]!, 1);
    }
    this.violations = 0;
    this.missed = 0;
    for (let r = 0; r < restrictions.rowCount; r++)
      if (this.activity[r]! > restrictions.bound[r]!) this.count(restrictions.soft[r] === 1, 1);
    for (let j = 0; j < state.stage.tradeCount; j++)
      if (this.missesReach(j, state.fill[j]!)) this.count(restrictions.relaxed, 1);
    for (let p = 0; p < state.loanCount; p++) if (this.mustPlace[p] === 1 && state.option[p]! < 0) this.violations++;
  }

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

  /**
   * A placed loan that counts in a row which adding an option would break.
   *
   * @returns -1: the option breaks no row, or none was found in a few draws
   */
  rivalOf(p: number, o: number, random: Random): number {
    const { start, row, coefficient, bound } = this.restrictions;
    const option = this.state.stageOption[o]!;
    const rows = start[option + 1]! - start[option]!;
    if (rows === 0) return -1;
    const first = random.below(rows);
    for (let n = 0; n < rows; n++) {
      const at = start[option]! + ((first + n) % rows);
      if (coefficient[at]! <= 0 || this.activity[row[at]!]! + coefficient[at]! <= bound[row[at]!]!) continue;
      const rival = this.countedIn(row[at]!, p, random);
      if (rival >= 0) return rival;
    }
    return -1;
  }

  /**
   * Draws a missed condition and a loan that may mend it: one without a place, one of a trade short of its must_reach or
   * on its way there, one that counts in a missed row.
   *
   * @returns whether `mendLoan` should get `mendOption`, or any other than its own when that is -1
   */
  drawMend(random: Random): boolean {
    const { state, restrictions } = this;
    const kinds = restrictions.rowCount + state.stage.tradeCount + state.loanCount;
    const first = random.below(kinds);
    for (let n = 0; n < kinds; n++) {
      let at = (first + n) % kinds;
      if (at < restrictions.rowCount) {
        if (this.activity[at]! > restrictions.bound[at]!) return this.mendRow(at, random);
        continue;
      }
      at -= restrictions.rowCount;
      if (at < state.stage.tradeCount) {
        if (this.missesReach(at, state.fill[at]!)) return false;
        continue;
      }
      at -= state.stage.tradeCount;
      if (this.mustPlace[at] === 0 || state.option[at]! >= 0) continue;
      this.mendLoan = at;
      this.mendOption = -1;
      return true;
    }
    return false;
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

  /** A loan that adds to the row leaves, or one that takes from it comes. */
  private mendRow(r: number, random: Random): boolean {
    const count = this.rowStart[r + 1]! - this.rowStart[r]!;
    for (let n = 0; n < DRAWS; n++) {
      const at = this.rowStart[r]! + random.below(count);
      const held = this.state.option[this.rowLoan[at]!] === this.rowOption[at];
      if (held !== this.rowCoefficient[at]! > 0) continue;
      this.mendLoan = this.rowLoan[at]!;
      this.mendOption = held ? -1 : this.rowOption[at]!;
      return true;
    }
    return false;
  }

  /** A loan other than p that is placed where it adds to row r, or -1. */
  private countedIn(r: number, p: number, random: Random): number {
    const count = this.rowStart[r + 1]! - this.rowStart[r]!;
    for (let n = 0; n < DRAWS; n++) {
      const at = this.rowStart[r]! + random.below(count);
      const q = this.rowLoan[at]!;
      if (q !== p && this.state.option[q] === this.rowOption[at] && this.rowCoefficient[at]! > 0) return q;
    }
    return -1;
  }

  /** Moves the factors of all conditions that must hold by whether they do. */
  adapt({ up, down }: FactorPace): void {
    const { restrictions, state } = this;
    const next = (factor: number, missed: boolean): number =>
      missed ? Math.min(MOST_FACTOR, factor * up) : Math.max(LEAST_FACTOR, factor * down);
    for (let r = 0; r < restrictions.rowCount; r++)
      if (restrictions.soft[r] === 0)
        this.rowFactor[r] = next(this.rowFactor[r]!, this.activity[r]! > restrictions.bound[r]!);
    if (!restrictions.relaxed)
      for (let j = 0; j < state.stage.tradeCount; j++)
        this.reachFactor[j] = next(this.reachFactor[j]!, this.missesReach(j, state.fill[j]!));
    for (let p = 0; p < state.loanCount; p++)
      if (this.mustPlace[p] === 1) this.outFactor[p] = next(this.outFactor[p]!, state.option[p]! < 0);
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
      if (soft[r] === 0) this.cost += broken * this.rates.fixed * factor;
      this.count(soft[r] === 1, broken);
    }
  }

  private count(soft: boolean, by: number): void {
    if (soft) this.missed += by;
    else this.violations += by;
  }

  private missesReach(j: number, fill: number): boolean {
    return fill > 0 && fill < this.restrictions.mustReach[j]!;
  }

  private reachCost(j: number, fill: number): number {
    if (!this.missesReach(j, fill)) return 0;
    const missing = this.restrictions.mustReach[j]! - fill;
    const fixed = this.restrictions.relaxed ? 0 : this.rates.fixed;
    return (Math.min(fill, missing) * this.rates.reach + fixed) * this.reachFactor[j]!;
  }
}
