import { type ColumnData, type Highs, type Model } from 'highs';
import { type Checkpoint } from '../checkpoint';
import { runHighs } from './highs-run';
import { type LevelTerms } from '../stage/level-terms';
import { type RestrictedLp } from './restricted-lp';
import { type Restrictions } from '../stage/restrictions';
import { type Stage } from '../stage/stage';
import { pairOffEnvelope } from '../stage/trade-envelope';

/** Amounts of the model are thousands of dollars, so that its tolerance of 1e-7 is below a cent. */
const UNIT = 1e5;
/** Largest objective coefficient of the model. */
const LARGEST_COST = 1e4;
/** What missing a row by its largest coefficient costs, in largest objective coefficients. */
const MISS_COST = 1;
/** After no more new loans than this the primal simplex is faster from the old basis, after more the dual. */
const FEW_LOANS = 300;
/** A row counts as missed from this share of its largest coefficient on. */
const MISSED = 1e-6;
/**
 * What earlier levels may lack, as a share of their most valuable option: HiGHS's tolerance of 1e-7 ten times over. That
 * what was achieved is nearly all there is would else leave it a sliver in which it finds no point, or none it is sure of.
 */
const LEVEL_SLACK = 1e-6;

/** HiGHS's names of its simplex methods. */
const DUAL = 1;
const PRIMAL = 4;

/** The model is scaled already, and starts from the last basis ... */
const PLAIN = { presolve: 'off', simplex_scale_strategy: 0 } as const;
/** ... which leaves HiGHS unsure where a segment earns little beside an earlier level's best option. */
const CAREFUL = { presolve: 'on', simplex_scale_strategy: 2 } as const;

/** `whole`: all loans are decided; `part`: some stay at their choice, so that a row may have to be missed. */
export type MasterScope = 'whole' | 'part';

export interface MasterSolution extends RestrictedLp {
  /** Some row is missed, at a price: the loans decided cannot keep it, others may. */
  readonly missed: boolean;
}

/**
 * The relaxation as a linear program of HiGHS over some loans of a stage, the others fixed at a choice. Further loans may
 * be given to it between two solutions; the next starts from the last one's basis. Fixed loans may keep a row from being
 * met, so in part it may be missed, at a high price.
 *
 * Rows: trades, limits, earlier levels, then the loans decided. Columns: the segments of the trades' envelopes, what rows
 * are missed by, then the options of the loans decided, as shares of their loans.
 */
export class Master {
  private readonly solver: Model;
  private readonly rowScale: Float64Array;
  private readonly levelScale: Float64Array;
  /** Cents in one unit of the model's objective. */
  private readonly costScale: number;
  private readonly limitRow: number;
  private readonly levelRow: number;
  private readonly missColumn: number;
  private readonly firstOption: number;
  /** Stage option of each column from `firstOption` on, and its loan. */
  private readonly option: number[] = [];
  private readonly loanOf: number[] = [];
  /** What the loans not decided use: dollars per trade, share of its scale per row and level. */
  private readonly used: Float64Array;
  private readonly colStatus: number[] = [];
  private readonly rowStatus: number[] = [];
  /** Loans given since the last solution; null = there is none yet. */
  private added: number | null = null;

  /**
   * @param choice option each loan is fixed at until it is decided, -1 = out
   * @param scope `part`: rows may be missed, since fixed loans may stand in the way
   */
  constructor(
    private readonly highs: Highs,
    private readonly stage: Stage,
    private readonly restrictions: Restrictions,
    private readonly levels: LevelTerms,
    private readonly choice: Int32Array,
    scope: MasterScope,
  ) {
    const { tradeCount: m } = stage;
    const { rowCount } = restrictions;
    const earlier = levels.least.length;
    this.limitRow = m;
    this.levelRow = m + rowCount;
    this.rowScale = new Float64Array(rowCount);
    restrictions.row.forEach((r, n) => {
      this.rowScale[r] = Math.max(this.rowScale[r]!, Math.abs(restrictions.coefficient[n]!));
    });
    this.rowScale.forEach((scale, r) => (this.rowScale[r] = scale || 1));
    this.levelScale = new Float64Array(earlier + 1).fill(1);
    stage.net.forEach((v, o) => {
      const l = levels.ofOption[o]!;
      this.levelScale[l] = Math.max(this.levelScale[l]!, Math.abs(v));
    });
    this.costScale = this.levelScale[earlier]! / LARGEST_COST;
    this.used = new Float64Array(m + rowCount + earlier);
    choice.forEach((o, s) => this.use(s, o, 1));

    const columns = new Columns(m + rowCount + earlier);
    for (let j = 0; j < m; j++)
      for (const { length, slope } of pairOffEnvelope(
        stage,
        j,
        stage.baseFill[j]!,
        stage.room[j]!,
        restrictions.mustReach[j],
      )) {
        const level = levels.ofTrade[j]!;
        columns.begin(level === earlier ? (slope * UNIT) / this.costScale : 0, length / UNIT);
        columns.entry(j, -1);
        if (level < earlier) columns.entry(this.levelRow + level, (-slope * UNIT) / this.levelScale[level]!);
      }
    this.missColumn = columns.count;
    if (scope === 'part')
      for (let r = 0; r < rowCount + earlier; r++) {
        columns.begin(-MISS_COST * LARGEST_COST, highs.infinity);
        columns.entry(m + r, -1);
      }
    this.firstOption = columns.count;
    this.colStatus.length = columns.count;
    this.rowStatus.length = m + rowCount + earlier;
    const [lower, upper] = this.rowBounds();
    const { cost, lower: colLower, upper: colUpper, matrix } = columns.data();
    this.solver = highs.createModel({
      colCost: cost,
      colLower,
      colUpper,
      matrix,
      numCols: columns.count,
      numRows: m + rowCount + earlier,
      sense: highs.constants.objectiveSense.maximize,
      rowLower: lower,
      rowUpper: upper,
    });
    this.solver.options.set({
      output_flag: false,
      random_seed: 1,
      solver: 'simplex',
      ...PLAIN,
    });
  }

  /** Gives the program further loans to decide. */
  decide(loans: readonly number[]): void {
    const { stage, restrictions, levels, highs } = this;
    const { basic, lower: atLower, upper: atUpper } = highs.constants.basisStatus;
    const before = this.rowStatus.length;
    const earlier = levels.least.length;
    const columns = new Columns(before + loans.length);
    loans.forEach((s, n) => {
      this.rowStatus.push(basic);
      for (let o = stage.start[s]!; o < stage.start[s + 1]!; o++) {
        const level = levels.ofOption[o]!;
        columns.begin(level === earlier ? stage.net[o]! / this.costScale : 0, 1);
        columns.entry(stage.trade[o]!, stage.amount[s]! / UNIT);
        for (let k = restrictions.start[o]!; k < restrictions.start[o + 1]!; k++) {
          const r = restrictions.row[k]!;
          columns.entry(this.limitRow + r, restrictions.coefficient[k]! / this.rowScale[r]!);
        }
        if (level < earlier) columns.entry(this.levelRow + level, -stage.net[o]! / this.levelScale[level]!);
        columns.entry(before + n, 1);
        this.option.push(o);
        this.loanOf.push(s);
        this.colStatus.push(this.choice[s] === o ? atUpper : atLower);
      }
      this.use(s, this.choice[s]!, -1);
    });
    if (this.added !== null) this.added += loans.length;
    const least = Float64Array.from(loans, (s) => (restrictions.mustPlace[s] === 1 ? 1 : -highs.infinity));
    const none = { format: 'csr', numRows: loans.length, numCols: this.solver.getDimensions().numCols } as const;
    this.solver.addRows({
      lower: least,
      upper: new Float64Array(loans.length).fill(1),
      matrix: {
        ...none,
        starts: new Int32Array(loans.length + 1),
        indices: new Int32Array(0),
        values: new Float64Array(0),
      },
    });
    this.solver.addCols(columns.data());
    const [lower, upper] = this.rowBounds();
    this.solver.changeRowsBounds({ kind: 'range', from: 0, to: lower.length - 1 }, lower, upper);
  }

  /** Solves the program; null when it has no feasible point. */
  solve(checkpoint: Checkpoint): MasterSolution | null {
    const { solver, highs, stage } = this;
    if (this.added !== null) {
      solver.options.set({ simplex_strategy: this.added > FEW_LOANS ? DUAL : PRIMAL });
      solver.setBasis({ colStatus: Int32Array.from(this.colStatus), rowStatus: Int32Array.from(this.rowStatus) });
    }
    this.run(checkpoint);
    const { infeasible, unboundedOrInfeasible, optimal, empty, unknown } = highs.constants.modelStatus;
    const status = solver.getModelStatus();
    // Every column is bounded or costs, so that what is "unbounded or infeasible" is infeasible.
    if (status === infeasible || status === unboundedOrInfeasible) return null;
    // What is nearly an optimum is a guide as good, and its multipliers prove what they prove.
    if (status !== optimal && status !== empty && status !== unknown)
      throw new Error(`HiGHS ended the relaxation with status ${status}`);
    const { colValue, rowDual } = solver.getSolution();
    const basis = solver.getBasis();
    basis.colStatus.forEach((own, column) => (this.colStatus[column] = own));
    basis.rowStatus.forEach((own, row) => (this.rowStatus[row] = own));
    this.added = 0;
    const dual = (row: number, scale: number): number => (rowDual[row]! * this.costScale) / scale;
    const flow = new Float64Array(stage.net.length);
    this.option.forEach((o, n) => (flow[o] = colValue[this.firstOption + n]! * stage.amount[this.loanOf[n]!]!));
    const weight = this.levelScale.map((scale, l) => Math.max(0, dual(this.levelRow + l, scale)));
    weight[this.levels.least.length] = 1;
    return {
      price: Float64Array.from({ length: stage.tradeCount }, (_, j) => dual(j, UNIT) * 1e10),
      rowPrice: this.rowScale.map((scale, r) => Math.max(0, dual(this.limitRow + r, scale))),
      weight,
      flow,
      missed: colValue.subarray(this.missColumn, this.firstOption).some((share) => share > MISSED),
    };
  }

  dispose(): void {
    this.solver.dispose();
  }

  /** Runs the solver; where it is not sure of its result, from the start, its own scaling and presolve in use. */
  private run(checkpoint: Checkpoint): void {
    const { solver, highs } = this;
    runHighs(highs, solver, checkpoint);
    if (solver.getModelStatus() !== highs.constants.modelStatus.unknown) return;
    solver.clearSolver();
    solver.options.set({ ...CAREFUL, simplex_strategy: DUAL });
    runHighs(highs, solver, checkpoint);
    solver.options.set(PLAIN);
  }

  /** Counts a fixed loan's option (-1 = out) in (1) or out (-1) of what is used. */
  private use(s: number, o: number, sign: 1 | -1): void {
    if (o < 0) return;
    const { stage, restrictions, levels, used } = this;
    const { start, row, coefficient } = restrictions;
    used[stage.trade[o]!]! += (sign * stage.amount[s]!) / UNIT;
    for (let n = start[o]!; n < start[o + 1]!; n++)
      used[this.limitRow + row[n]!]! += (sign * coefficient[n]!) / this.rowScale[row[n]!]!;
    const level = levels.ofOption[o]!;
    if (level < levels.least.length) used[this.levelRow + level]! -= (sign * stage.net[o]!) / this.levelScale[level]!;
  }

  /** Bounds of the rows of trades, limits and levels, less what fixed loans use. */
  private rowBounds(): [lower: Float64Array, upper: Float64Array] {
    const { used, restrictions, levels, limitRow, levelRow } = this;
    const upper = used.map((amount) => 0 - amount);
    restrictions.bound.forEach((bound, r) => (upper[limitRow + r]! += bound / this.rowScale[r]!));
    levels.least.forEach((least, l) => (upper[levelRow + l]! -= least / this.levelScale[l]! - LEVEL_SLACK));
    return [upper.map((bound, r) => (r < limitRow ? bound : -this.highs.infinity)), upper];
  }
}

/** Columns of a model under construction, by column. */
class Columns {
  private readonly cost: number[] = [];
  private readonly upper: number[] = [];
  private readonly starts: number[] = [];
  private readonly indices: number[] = [];
  private readonly values: number[] = [];

  constructor(private readonly rows: number) {}

  get count(): number {
    return this.cost.length;
  }

  begin(cost: number, upper: number): void {
    this.starts.push(this.indices.length);
    this.cost.push(cost);
    this.upper.push(upper);
  }

  entry(row: number, value: number): void {
    this.indices.push(row);
    this.values.push(value);
  }

  data(): Omit<ColumnData, 'count'> {
    return {
      cost: Float64Array.from(this.cost),
      lower: new Float64Array(this.count),
      upper: Float64Array.from(this.upper),
      matrix: {
        format: 'csc',
        numRows: this.rows,
        numCols: this.count,
        starts: Int32Array.from([...this.starts, this.indices.length]),
        indices: Int32Array.from(this.indices),
        values: Float64Array.from(this.values),
      },
    };
  }
}
