import { type Checkpoint } from '../checkpoint';
import { type CompositionMultipliers } from './composition-multipliers';
import { CompositionRelaxation } from './composition-relaxation';
import { type CompositionBudget } from '../effort';
import { oneLevel } from '../stage/level-terms';
import { type CompositionLeads } from './composition-leads';
import { bestWorths, optionWorths } from '../relaxation/option-worths';
import { type RestrictedLp } from '../relaxation/restricted-lp';
import { type Restrictions } from '../stage/restrictions';
import { type Stage } from '../stage/stage';
import { VolumeSteps } from './volume-steps';

/** Share of the rounds without a better bound until the steps shrink. */
const PATIENCE = 0.04;

/** The relaxation by compositions at its best multipliers, and where it leads the search. */
export interface Compositions {
  readonly relaxation: CompositionRelaxation;
  readonly multipliers: CompositionMultipliers;
  /** Cents, of what the stage earns; nearly what `compositionBound` makes of it. */
  readonly bound: number;
  readonly budget: CompositionBudget;
  /** Cents below the best bound that steps aim at. */
  readonly lead: number;
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
  const { rounds, nodes } = budget;
  const patience = Math.max(1, Math.round(PATIENCE * rounds));
  const steps = new VolumeSteps(relaxation, start, { lead, nodes, patience }, null, () => checkpoint(0));
  for (let round = 1; round < rounds; round++) steps.take(() => checkpoint(round / rounds));
  const { best: multipliers, least: bound, mean } = steps;
  const profit = relaxation.profits(multipliers);
  const compositions = relaxation.compose(profit, multipliers.rowPrice, nodes, () => checkpoint(1));
  return { relaxation, multipliers, bound, budget, lead, taken: mean.taken, leads: { profit, compositions } };
}

/** What the linear relaxation gives each loan at its best, cents. */
function loanPrices(stage: Stage, restrictions: Restrictions, lp: RestrictedLp): Float64Array {
  return bestWorths(stage, restrictions, optionWorths(stage, restrictions, oneLevel(stage), lp));
}
