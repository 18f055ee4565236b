import loadHighs from 'highs';
import { type MipModel } from './mip-model';

/** What HiGHS found in its time. */
export interface MipOutcome {
  /** Value of each column; null: no feasible solution found. */
  columns: Float64Array | null;
  /** Its bound on the objective, in floating point; null: none yet. */
  bound: number | null;
  ms: number;
}

/** HiGHS calls a solution feasible by this code. */
const FEASIBLE = 2;

/** Maximises the model, to a cent or until the time is up. Blocks the thread; HiGHS here has one thread. */
export async function solveMip(model: MipModel, seconds: number): Promise<MipOutcome> {
  const highs = await loadHighs();
  const { infinity, constants } = highs;
  const finite = (value: number): number => (value === Infinity ? infinity : value === -Infinity ? -infinity : value);
  const numCols = model.cost.length;
  const numRows = model.rowLower.length;
  const started = performance.now();
  const solver = highs.createModel({
    numCols,
    numRows,
    sense: constants.objectiveSense.maximize,
    colCost: Float64Array.from(model.cost),
    colLower: Float64Array.from(model.lower),
    colUpper: Float64Array.from(model.upper),
    rowLower: Float64Array.from(model.rowLower, finite),
    rowUpper: Float64Array.from(model.rowUpper, finite),
    integrality: model.integer.map((integer) => constants.variableType[integer ? 'integer' : 'continuous']),
    matrix: {
      format: 'csr',
      numRows,
      numCols,
      starts: Int32Array.from(model.starts),
      indices: Int32Array.from(model.indices),
      values: Float64Array.from(model.values),
    },
  });
  try {
    solver.options.set({
      output_flag: false,
      time_limit: seconds,
      random_seed: 1,
      mip_rel_gap: 0,
      mip_abs_gap: 0.01,
    });
    solver.run();
    const bound = Number(solver.info.get('mip_dual_bound'));
    const found = solver.info.get('primal_solution_status') === FEASIBLE;
    return {
      columns: found ? solver.getSolution().colValue : null,
      bound: Number.isFinite(bound) ? bound : null,
      ms: performance.now() - started,
    };
  } finally {
    solver.dispose();
  }
}
