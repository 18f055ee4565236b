import loadHighs from 'highs';
import { auditAssignment } from '@powerfill/core/audit';
import { answerParent } from './child';
import { mipModel } from './highs/mip-model';
import { type BenchCase, problemOf } from './rows';

/** What HiGHS made of a case in its time. */
export interface HighsAnswer {
  /** Cents, as the audit prices the assignment; null: it found none. */
  objective: number | null;
  /** Its own bound in dollars, in floating point; null: none. */
  bound: number | null;
  /** The audit's first finding on its assignment, or null. */
  fault: string | null;
  ms: number;
}

export interface HighsCase extends BenchCase {
  seconds: number;
}

async function runHighs({ seconds, ...bench }: HighsCase): Promise<HighsAnswer> {
  const file = problemOf(bench);
  const model = mipModel(file);
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
    const ms = performance.now() - started;
    const found = solver.info.get('primal_solution_status') === 2;
    const bound = Number(solver.info.get('mip_dual_bound'));
    const stated = { bound: Number.isFinite(bound) ? bound : null, ms };
    if (!found) return { objective: null, fault: null, ...stated };
    const { colValue } = solver.getSolution();
    const chosen = new Map<string, string>();
    file.candidates.forEach(({ loan, trade }, at) => {
      if ((colValue[at] ?? 0) > 0.5) chosen.set(loan, trade);
    });
    const assignments = file.loans.map(({ id }) => ({ loan: id, trade: chosen.get(id) ?? null }));
    const { objective, report } = auditAssignment(file, assignments);
    const fault = report.passed ? null : `${report.findings[0]?.code} ${report.findings[0]?.where}`;
    return { objective: objective === null ? null : Number(objective), fault, ...stated };
  } finally {
    solver.dispose();
  }
}

void runHighs(JSON.parse(process.argv[2] ?? '') as HighsCase).then(answerParent);
