import { type Highs, type ModelData } from 'highs';
import { type Checkpoint } from '../checkpoint';
import { type HighsBudget, runHighs } from '../relaxation/highs-run';
import { type MissCharges, type Neighbourhood, NeighbourhoodModelBuilder, type Standing } from './neighbourhood-model';
import { type Restrictions } from '../stage/restrictions';
import { type Stage } from '../stage/stage';

/** What a sub-problem may cost: work, never seconds. */
export interface MipBudget extends HighsBudget {
  readonly nodes: number;
  /** Dollars it may leave. */
  readonly gap: number;
}

export interface MipAnswer {
  /** Option of each loan of the neighbourhood, in its order, -1 = none; null when the budget ended without a solution. */
  readonly option: readonly number[] | null;
  /** Nothing in the neighbourhood is better. */
  readonly proven: boolean;
  /** Simplex iterations spent. */
  readonly lpIterations: number;
}

/** Solves neighbourhoods of one stage by branch and bound, one after the other. */
export class NeighbourhoodMip {
  private readonly builder: NeighbourhoodModelBuilder;

  constructor(
    private readonly highs: Highs,
    stage: Stage,
    restrictions: Restrictions,
    charges: MissCharges,
  ) {
    this.builder = new NeighbourhoodModelBuilder(highs, stage, restrictions, charges);
  }

  solve(neighbourhood: Neighbourhood, from: Standing, budget: MipBudget, checkpoint: Checkpoint): MipAnswer {
    const model = this.builder.build(neighbourhood, from);
    if (model === null) return { option: null, proven: false, lpIterations: 0 };
    if (model.data.numCols === 0) return { option: neighbourhood.loans.map(() => -1), proven: true, lpIterations: 0 };
    const { columns, proven, lpIterations } = this.run(model.data, model.start, budget, checkpoint);
    if (columns === null) return { option: null, proven, lpIterations };
    const chosen = new Map<number, number>();
    model.option.forEach((o, x) => {
      if (columns[x]! > 0.5) chosen.set(model.loan[x]!, o);
    });
    return { option: neighbourhood.loans.map((s) => chosen.get(s) ?? -1), proven, lpIterations };
  }

  private run(
    data: ModelData,
    start: Float64Array,
    budget: MipBudget,
    checkpoint: Checkpoint,
  ): { columns: Float64Array | null; proven: boolean; lpIterations: number } {
    const { highs } = this;
    const solver = highs.createModel(data);
    try {
      solver.options.set({
        output_flag: false,
        random_seed: 1,
        mip_rel_gap: 0,
        mip_abs_gap: budget.gap,
        mip_max_nodes: budget.nodes,
        mip_detect_symmetry: false,
        // With presolve in its sub-programs, too, HiGHS 1.15 calls some starts optimal that are not.
        mip_root_presolve_only: true,
        // Of the heuristics that solve sub-programs, the one that pays: the others took two thirds of the time.
        mip_heuristic_run_rens: false,
        mip_heuristic_run_root_reduced_cost: false,
      });
      solver.setSolution({ colValue: start });
      runHighs(highs, solver, checkpoint, budget);
      const lpIterations = Number(solver.info.get('simplex_iteration_count'));
      if (solver.info.get('primal_solution_status') !== highs.constants.solutionStatus.feasible)
        return { columns: null, proven: false, lpIterations };
      const proven = solver.getModelStatus() === highs.constants.modelStatus.optimal;
      return { columns: solver.getSolution().colValue, proven, lpIterations };
    } finally {
      solver.dispose();
    }
  }
}
