import { type Highs, type Model, type ModelData } from 'highs';
import { type Checkpoint } from './checkpoint';
import { type Restrictions } from './restrictions';
import { type Stage } from './stage';
import { pairOffEnvelope } from './trade-envelope';

/** Optimum of the linear relaxation of a stage under restrictions, and the multipliers that prove it. */
export interface RestrictedLp {
  /** Price of each trade's room, 1e-8 point. */
  readonly price: Float64Array;
  /** Multiplier of each restriction row, cents per unit of the row, at least 0. */
  readonly rowPrice: Float64Array;
  /** Cents of each option's loan placed there. */
  readonly flow: Float64Array;
}

/** Amounts of the model are thousands of dollars, so that its tolerance of 1e-7 is below a cent. */
const UNIT = 1e5;
/** Largest objective coefficient of the model. */
const LARGEST_COST = 1e4;

/**
 * Solves the relaxation with HiGHS.
 *
 * @returns null when the relaxation, and so the stage, has no feasible point
 */
export function solveRestrictedLp(
  highs: Highs,
  stage: Stage,
  restrictions: Restrictions,
  checkpoint: Checkpoint,
): RestrictedLp | null {
  if (stage.net.length === 0) return unchanged(stage, restrictions);
  const model = new LpBuilder(highs, stage, restrictions).build();
  const solver = highs.createModel(model.data);
  try {
    solver.options.set({ output_flag: false, random_seed: 1, solver: 'simplex' });
    runStoppable(highs, solver, checkpoint);
    const status = solver.getModelStatus();
    const { infeasible, unboundedOrInfeasible, optimal, empty } = highs.constants.modelStatus;
    // Every column is bounded, so that what is "unbounded or infeasible" is infeasible.
    if (status === infeasible || status === unboundedOrInfeasible) return null;
    if (status !== optimal && status !== empty) throw new Error(`HiGHS ended the relaxation with status ${status}`);
    const { colValue, rowDual } = solver.getSolution();
    return {
      price: Float64Array.from(
        { length: stage.tradeCount },
        (_, j) => ((rowDual[model.tradeRow + j]! * model.costScale) / UNIT) * 1e10,
      ),
      rowPrice: Float64Array.from({ length: restrictions.rowCount }, (_, r) =>
        Math.max(0, (rowDual[model.limitRow + r]! * model.costScale) / model.rowScale[r]!),
      ),
      flow: Float64Array.from(stage.net, (_, o) => colValue[o]! * stage.amount[model.loanOf[o]!]!),
    };
  } finally {
    solver.dispose();
  }
}

/** Runs HiGHS with the checkpoint asked between its simplex iterations; what it throws ends the run and is thrown on. */
function runStoppable(highs: Highs, solver: Model, checkpoint: Checkpoint): void {
  const thrown: Error[] = [];
  checkpoint(0);
  solver.run({
    [highs.constants.callbackType.simplexInterrupt]: (event) => {
      try {
        checkpoint(0);
      } catch (error) {
        thrown.push(error instanceof Error ? error : new Error(String(error)));
        event.interrupt();
      }
    },
  });
  const [first] = thrown;
  if (first !== undefined) throw first;
}

/** A stage with nothing to decide. */
function unchanged(stage: Stage, restrictions: Restrictions): RestrictedLp {
  return {
    price: new Float64Array(stage.tradeCount),
    rowPrice: new Float64Array(restrictions.rowCount),
    flow: new Float64Array(0),
  };
}

interface BuiltModel {
  readonly data: ModelData;
  readonly tradeRow: number;
  readonly limitRow: number;
  readonly rowScale: Float64Array;
  /** Cents in one unit of the model's objective. */
  readonly costScale: number;
  readonly loanOf: Int32Array;
}

/** Columns: the options as shares of their loans, then the segments of the trades' envelopes. Rows: loans, trades, limits. */
class LpBuilder {
  private readonly cost: number[] = [];
  private readonly upper: number[] = [];
  private readonly rows: { lower: number; upper: number; columns: number[]; values: number[] }[] = [];

  constructor(
    private readonly highs: Highs,
    private readonly stage: Stage,
    private readonly restrictions: Restrictions,
  ) {}

  build(): BuiltModel {
    const { stage, restrictions, highs } = this;
    const { infinity } = highs;
    const loanOf = new Int32Array(stage.net.length);
    const ofTrade = Array.from({ length: stage.tradeCount }, (): { columns: number[]; values: number[] } => ({
      columns: [],
      values: [],
    }));
    for (let s = 0; s < stage.loans.length; s++) {
      const columns: number[] = [];
      for (let o = stage.start[s]!; o < stage.start[s + 1]!; o++) {
        loanOf[o] = s;
        columns.push(this.column(stage.net[o]!, 1));
        ofTrade[stage.trade[o]!]!.columns.push(o);
        ofTrade[stage.trade[o]!]!.values.push(stage.amount[s]! / UNIT);
      }
      const least = restrictions.mustPlace[s] === 1 ? 1 : -infinity;
      this.rows.push({ lower: least, upper: 1, columns, values: columns.map(() => 1) });
    }
    ofTrade.forEach(({ columns, values }, j) => {
      const envelope = pairOffEnvelope(stage, j, stage.baseFill[j]!, stage.room[j]!, restrictions.mustReach[j]);
      for (const { length, slope } of envelope) {
        columns.push(this.column(slope * UNIT, length / UNIT));
        values.push(-1);
      }
      this.rows.push({ lower: 0, upper: 0, columns, values });
    });
    const rowScale = this.limitRows();
    const costScale = this.cost.reduce((top, cost) => Math.max(top, Math.abs(cost)), 1) / LARGEST_COST;
    return {
      data: this.modelData(costScale),
      tradeRow: stage.loans.length,
      limitRow: stage.loans.length + stage.tradeCount,
      rowScale,
      costScale,
      loanOf,
    };
  }

  private column(cost: number, upper: number): number {
    this.upper.push(upper);
    return this.cost.push(cost) - 1;
  }

  /** Rows of the limits, each divided by its largest coefficient. */
  private limitRows(): Float64Array {
    const { restrictions, stage, highs } = this;
    const columns = Array.from({ length: restrictions.rowCount }, (): number[] => []);
    const values = Array.from({ length: restrictions.rowCount }, (): number[] => []);
    const scale = new Float64Array(restrictions.rowCount).fill(1);
    for (let o = 0; o < stage.net.length; o++)
      for (let n = restrictions.start[o]!; n < restrictions.start[o + 1]!; n++) {
        const r = restrictions.row[n]!;
        columns[r]!.push(o);
        values[r]!.push(restrictions.coefficient[n]!);
        scale[r] = Math.max(scale[r]!, Math.abs(restrictions.coefficient[n]!));
      }
    columns.forEach((list, r) => {
      this.rows.push({
        lower: -highs.infinity,
        upper: restrictions.bound[r]! / scale[r]!,
        columns: list,
        values: values[r]!.map((value) => value / scale[r]!),
      });
    });
    return scale;
  }

  private modelData(costScale: number): ModelData {
    const { rows, cost, upper, highs } = this;
    const starts = new Int32Array(rows.length + 1);
    rows.forEach((row, r) => (starts[r + 1] = starts[r]! + row.columns.length));
    const indices = new Int32Array(starts[rows.length]!);
    const values = new Float64Array(starts[rows.length]!);
    rows.forEach((row, r) => {
      indices.set(row.columns, starts[r]);
      values.set(row.values, starts[r]);
    });
    return {
      numCols: cost.length,
      numRows: rows.length,
      sense: highs.constants.objectiveSense.maximize,
      colCost: Float64Array.from(cost, (cents) => cents / costScale),
      colLower: new Float64Array(cost.length),
      colUpper: Float64Array.from(upper),
      rowLower: Float64Array.from(rows, (row) => row.lower),
      rowUpper: Float64Array.from(rows, (row) => row.upper),
      matrix: { format: 'csr', numRows: rows.length, numCols: cost.length, starts, indices, values },
    };
  }
}
