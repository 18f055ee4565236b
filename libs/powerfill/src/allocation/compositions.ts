import { type Checkpoint } from './checkpoint';
import { type CompositionMultipliers } from './composition-multipliers';
import { CompositionRelaxation } from './composition-relaxation';
import { type CompositionBudget } from './effort';
import { oneLevel } from './level-terms';
import { type CompositionLeads } from './composition-leads';
import { bestWorths, optionWorths } from './option-worths';
import { type RestrictedLp } from './restricted-lp';
import { type Restrictions } from './restrictions';
import { type Stage } from './stage';

/** The relaxation by compositions at its best multipliers, and where it leads the search. */
export interface Compositions {
  readonly relaxation: CompositionRelaxation;
  readonly multipliers: CompositionMultipliers;
  /** Branches of one composition in the evaluation a bound is read from. */
  readonly lastNodes: number;
  /** Per stage option the share of compositions that take it in the optimum of the relaxation, nearly. */
  readonly taken: Float64Array;
  readonly leads: CompositionLeads;
}

/**
 * Relaxes a stage by compositions, from the multipliers of its linear relaxation on.
 *
 * @param lead cents below the best bound that the steps aim at
 */
export function relaxByCompositions(
  stage: Stage,
  restrictions: Restrictions,
  lp: RestrictedLp,
  lead: number,
  budget: CompositionBudget,
  checkpoint: Checkpoint,
): Compositions {
  const relaxation = new CompositionRelaxation(stage, restrictions);
  const start = { rowPrice: lp.rowPrice, loanPrice: loanPrices(stage, restrictions, lp) };
  const { multipliers, taken } = relaxation.improve(start, lead, budget, checkpoint);
  const profit = relaxation.profits(multipliers);
  const compositions = relaxation.compose(profit, multipliers.rowPrice, budget.nodes, () => checkpoint(1));
  return { relaxation, multipliers, lastNodes: budget.lastNodes, taken, leads: { profit, compositions } };
}

/** What the linear relaxation gives each loan at its best, cents. */
function loanPrices(stage: Stage, restrictions: Restrictions, lp: RestrictedLp): Float64Array {
  return bestWorths(stage, restrictions, optionWorths(stage, restrictions, oneLevel(stage), lp));
}
