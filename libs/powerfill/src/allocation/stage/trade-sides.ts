import { type PairOffTerms } from '../problem/pair-off';

/** Side of its L on which a trade must end: either, below L, or at L and above. */
export const EITHER = 0;
export const SHORT = 1;
export const REACHED = 2;

/** Pair-off rate of a trade that must reach its min: 100 points, more than a loan earns over its reservation. */
const PROHIBITIVE = 1e10;

/**
 * The terms of trades that must end on given sides. Short trades lose their room from L on; those that must reach L pay
 * what no loan earns for each cent they miss. At fills on their sides the objective is unchanged, so that a bound at
 * these terms holds for all assignments on these sides.
 */
export function termsOnSides(
  { target, min, pairOffRate }: PairOffTerms,
  most: Float64Array,
  sides: Uint8Array,
): PairOffTerms & { readonly most: Float64Array } {
  return {
    target: target.map((own, j) => (sides[j] === REACHED ? min[j]! : own)),
    min,
    pairOffRate: pairOffRate.map((own, j) => (sides[j] === REACHED ? PROHIBITIVE : own)),
    most: most.map((own, j) => (sides[j] === SHORT ? Math.min(own, min[j]! - 1) : own)),
  };
}
