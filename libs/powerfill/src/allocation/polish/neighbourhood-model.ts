import { type Highs, type ModelData } from 'highs';
import { type Restrictions } from '../stage/restrictions';
import { type Stage } from '../stage/stage';
import { type TradeState, tradeStates } from '../stage/trade-states';

/** Amounts of the model are thousands of dollars, its objective is dollars. */
const UNIT = 1e5;
const CENTS = 100;

/** What the sub-problem charges for what it may miss, cents. */
export interface MissCharges {
  /** Per unit of each row. */
  readonly row: Float64Array;
  /** Per cent of a must_reach. */
  readonly reach: number;
  /** Per loan that must be placed and is not. */
  readonly out: number;
}

/** A stage's assignment with what its rows hold. */
export interface Standing {
  readonly option: Int32Array;
  readonly fill: Float64Array;
  /** Activity of each restriction row. */
  readonly activity: Float64Array;
}

/** A sub-problem: the loans it may move, and for each the options it may have beside staying out. */
export interface Neighbourhood {
  readonly loans: readonly number[];
  readonly options: readonly (readonly number[])[];
}

export interface NeighbourhoodModel {
  readonly data: ModelData;
  /** The standing assignment as a point of the model. */
  readonly start: Float64Array;
  /** The model's first columns are these options (-1 = stays out), each of the loan beside it. */
  readonly option: readonly number[];
  readonly loan: readonly number[];
}

interface Row {
  lower: number;
  upper: number;
  readonly columns: number[];
  readonly values: number[];
}

/**
 * A neighbourhood as a mixed-integer program; everything outside it stays as it stands. Trades are modelled by the
 * stretches of fills they may end in (`tradeStates`), which gives the convex hull of jump and minimum if used. What the
 * standing assignment misses may stay missed, at a charge, but not by more.
 */
export class NeighbourhoodModelBuilder {
  private readonly cost: number[] = [];
  private readonly upper: number[] = [];
  private readonly whole: boolean[] = [];
  private readonly value: number[] = [];
  private readonly rows: Row[] = [];
  private readonly option: number[] = [];
  private readonly loan: number[] = [];
  /** Per trade and per row its model row, -1 = untouched. Kept between builds, cleared by `build`. */
  private readonly tradeRow: Int32Array;
  private readonly limitRow: Int32Array;
  private readonly trades: number[] = [];
  private readonly limits: number[] = [];

  constructor(
    private readonly highs: Highs,
    private readonly stage: Stage,
    private readonly restrictions: Restrictions,
    private readonly charges: MissCharges,
  ) {
    this.tradeRow = new Int32Array(stage.tradeCount).fill(-1);
    this.limitRow = new Int32Array(restrictions.rowCount).fill(-1);
  }

  /** @returns null: no point of the model is allowed, since some trade misses what it may not */
  build({ loans, options }: Neighbourhood, from: Standing): NeighbourhoodModel | null {
    this.clear();
    const { stage, restrictions } = this;
    const fixedFill = new Map<number, number>();
    const fixedActivity = new Map<number, number>();
    loans.forEach((s, n) => {
      const columns: number[] = [];
      for (const o of options[n]!) {
        const x = this.column(stage.net[o]!, 1, true, from.option[s] === o ? 1 : 0);
        this.option.push(o);
        this.loan.push(s);
        columns.push(x);
        this.enter(this.tradeRowOf(stage.trade[o]!, fixedFill, from), x, stage.amount[s]! / UNIT);
        for (let e = restrictions.start[o]!; e < restrictions.start[o + 1]!; e++) {
          const r = restrictions.row[e]!;
          this.enter(this.limitRowOf(r, fixedActivity, from), x, restrictions.coefficient[e]!);
        }
      }
      const current = from.option[s]!;
      if (current >= 0) this.withdraw(s, current, fixedFill, fixedActivity);
      const forced = restrictions.mustPlace[s] === 1;
      // Staying out is a column only where it is a fault that stands.
      if (forced && current < 0) {
        columns.push(this.column(-this.charges.out, 1, true, 1));
        this.option.push(-1);
        this.loan.push(s);
      }
      this.rows.push({ lower: forced ? 1 : -Infinity, upper: 1, columns, values: columns.map(() => 1) });
    });
    for (const j of this.trades) if (!this.closeTrade(j, fixedFill.get(j)!, from)) return null;
    for (const r of this.limits) this.closeLimit(r, fixedActivity.get(r)!, from);
    return {
      data: this.modelData(),
      start: Float64Array.from(this.value),
      option: this.option.slice(),
      loan: this.loan.slice(),
    };
  }

  private clear(): void {
    for (const j of this.trades) this.tradeRow[j] = -1;
    for (const r of this.limits) this.limitRow[r] = -1;
    for (const list of [this.cost, this.upper, this.whole, this.value, this.rows, this.option, this.loan])
      list.length = 0;
    this.trades.length = 0;
    this.limits.length = 0;
  }

  private column(cents: number, upper: number, whole: boolean, value: number): number {
    this.upper.push(upper);
    this.whole.push(whole);
    this.value.push(value);
    return this.cost.push(cents / CENTS) - 1;
  }

  private enter(row: number, column: number, value: number): void {
    this.rows[row]!.columns.push(column);
    this.rows[row]!.values.push(value);
  }

  private tradeRowOf(j: number, fixed: Map<number, number>, from: Standing): number {
    if (this.tradeRow[j]! < 0) {
      this.tradeRow[j] = this.rows.push({ lower: 0, upper: 0, columns: [], values: [] }) - 1;
      this.trades.push(j);
      fixed.set(j, from.fill[j]!);
    }
    return this.tradeRow[j]!;
  }

  private limitRowOf(r: number, fixed: Map<number, number>, from: Standing): number {
    if (this.limitRow[r]! < 0) {
      this.limitRow[r] = this.rows.push({ lower: -Infinity, upper: 0, columns: [], values: [] }) - 1;
      this.limits.push(r);
      fixed.set(r, from.activity[r]!);
    }
    return this.limitRow[r]!;
  }

  /** Takes a loan's standing option, which is one of its options here, out of the fixed part. */
  private withdraw(s: number, o: number, fill: Map<number, number>, activity: Map<number, number>): void {
    const { stage, restrictions } = this;
    const j = stage.trade[o]!;
    fill.set(j, fill.get(j)! - stage.amount[s]!);
    for (let e = restrictions.start[o]!; e < restrictions.start[o + 1]!; e++) {
      const r = restrictions.row[e]!;
      activity.set(r, activity.get(r)! - restrictions.coefficient[e]!);
    }
  }

  private closeTrade(j: number, fixed: number, from: Standing): boolean {
    const { stage, restrictions, charges } = this;
    const row = this.rows[this.tradeRow[j]!]!;
    const mustReach = restrictions.mustReach[j]!;
    const now = from.fill[j]!;
    const arriving = row.values.reduce((sum, value) => sum + Math.round(value * UNIT), 0);
    const most = Math.min(stage.room[j]!, fixed + arriving);
    const missed = now > 0 && now < mustReach;
    const states = tradeStates(stage, j, fixed, most, mustReach, missed || restrictions.relaxed);
    if (states.length === 0) return false;
    const charged = states.map((state) => (state.missesReach ? withCharge(state, charges.reach, mustReach) : state));
    const [only] = charged;
    if (charged.length === 1 && only !== undefined) {
      row.lower = (only.least - fixed) / UNIT;
      row.upper = (only.most - fixed) / UNIT;
      if (only.slope !== 0)
        row.columns.forEach((column, n) => (this.cost[column]! -= (only.slope * row.values[n]! * UNIT) / CENTS));
      return true;
    }
    row.lower = row.upper = -fixed / UNIT;
    const choice: Row = { lower: 1, upper: 1, columns: [], values: [] };
    for (const { least, most: top, cost, slope } of charged) {
      const isNow = now >= least && now <= top;
      const chosen = this.column(-cost, 1, true, isNow ? 1 : 0);
      choice.columns.push(chosen);
      choice.values.push(1);
      // The fill is `least` in this state, and what is above it has a column of its own.
      this.cost[chosen]! -= (slope * least) / CENTS;
      if (least > 0) this.enterRow(row, chosen, -least / UNIT);
      if (top === least) continue;
      const above = this.column(-slope * UNIT, (top - least) / UNIT, false, isNow ? (now - least) / UNIT : 0);
      this.enterRow(row, above, -1);
      this.rows.push({ lower: -Infinity, upper: 0, columns: [above, chosen], values: [1, -(top - least) / UNIT] });
    }
    this.rows.push(choice);
    return true;
  }

  private enterRow(row: Row, column: number, value: number): void {
    row.columns.push(column);
    row.values.push(value);
  }

  private closeLimit(r: number, fixed: number, from: Standing): void {
    const { restrictions, charges } = this;
    const row = this.rows[this.limitRow[r]!]!;
    const scale = row.values.reduce((top, value) => Math.max(top, Math.abs(value)), 1);
    row.upper = (restrictions.bound[r]! - fixed) / scale;
    row.values.forEach((value, n) => (row.values[n] = value / scale));
    const missed = from.activity[r]! - restrictions.bound[r]!;
    const soft = restrictions.soft[r] === 1;
    if (missed <= 0 && !soft) return;
    const most = soft ? Infinity : missed / scale;
    this.enterRow(row, this.column(-charges.row[r]! * scale, most, false, Math.max(0, missed) / scale), -1);
  }

  private modelData(): ModelData {
    const { rows, highs, cost } = this;
    const finite = (value: number): number =>
      value === Infinity ? highs.infinity : value === -Infinity ? -highs.infinity : value;
    const starts = new Int32Array(rows.length + 1);
    rows.forEach((row, n) => (starts[n + 1] = starts[n]! + row.columns.length));
    const indices = new Int32Array(starts[rows.length]!);
    const values = new Float64Array(starts[rows.length]!);
    rows.forEach((row, n) => {
      indices.set(row.columns, starts[n]);
      values.set(row.values, starts[n]);
    });
    const { integer, continuous } = highs.constants.variableType;
    return {
      numCols: cost.length,
      numRows: rows.length,
      sense: highs.constants.objectiveSense.maximize,
      colCost: Float64Array.from(cost),
      colLower: new Float64Array(cost.length),
      colUpper: Float64Array.from(this.upper, finite),
      rowLower: Float64Array.from(rows, ({ lower }) => finite(lower)),
      rowUpper: Float64Array.from(rows, ({ upper }) => finite(upper)),
      integrality: this.whole.map((whole) => (whole ? integer : continuous)),
      matrix: { format: 'csr', numRows: rows.length, numCols: cost.length, starts, indices, values },
    };
  }
}

function withCharge(state: TradeState, rate: number, mustReach: number): TradeState {
  return { ...state, cost: state.cost + rate * mustReach, slope: state.slope - rate };
}
