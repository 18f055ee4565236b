import { lockedValue } from '../stage/assignment';
import { type Compositions } from './compositions';
import { type Conditions } from '../stage/conditions';
import { divideCeil, divideFloor } from '../problem/exact-arithmetic';
import { type BoundConditions, CENT, rowCharges } from '../bound/lagrangian-bound';
import { type PossibleStage } from '../stage/possible-options';
import { type Problem } from '../problem/problem';

/** Doubles add so many cents in thousands of steps without being off by one: sizes of what all options earn, summed. */
const MOST_ADDED = 2 ** 43;

/**
 * Upper bound on the objective by compositions: each trade chooses its best set among the loans offered to it, within its
 * room, its must_reach, its pair-off and the rows that concern it alone, all to the cent. That a loan goes to one trade,
 * and what rows ask of several trades, is relaxed by multipliers. Tighter than the linear relaxation where trades hold few
 * loans, since there it matters which of them fit together. Evaluated in integers from rounded multipliers, so it is valid
 * whatever they are and equal on every machine.
 *
 * @returns cents; Infinity: the multipliers are too large to add up
 */
export function compositionBound(
  problem: Problem,
  conditions: Conditions,
  { stage, restrictions }: PossibleStage,
  { relaxation, multipliers: { loanPrice, rowPrice }, budget }: Compositions,
  checkpoint: () => void,
): number {
  const relaxed: BoundConditions = {
    rows: restrictions.source.flatMap((row, r) => (relaxation.isShared(r) ? [{ row, price: rowPrice[r]! }] : [])),
    mustPlace: conditions.mustPlace,
    mustReach: conditions.mustReach,
  };
  const charges = rowCharges(problem, relaxed);
  const profit = new Float64Array(stage.net.length);
  let constant = charges.constant + BigInt(lockedValue(problem)) * CENT;
  for (let s = 0; s < stage.loans.length; s++) {
    const price = BigInt(Math.round(loanPrice[s]!));
    constant += price * CENT;
    for (let o = stage.start[s]!; o < stage.start[s + 1]!; o++) {
      const charge = charges.byCandidate.get(stage.candidate[o]!) ?? 0n;
      profit[o] = Number(divideCeil((BigInt(stage.net[o]!) - price) * CENT - charge, CENT));
    }
  }
  if (profit.reduce((size, cents) => size + Math.abs(cents), 0) > MOST_ADDED) return Infinity;
  const chosen = relaxation.compose(profit, rowPrice, budget.lastNodes, checkpoint);
  const earned = chosen.reduce((sum, { bound }) => sum + bound, 0);
  return Number(divideFloor(constant, CENT)) + Math.ceil(earned) + 1;
}
