import { type Problem } from '../problem/problem';
import { type Stage } from './stage';

/** What staying in its current trade adds to a pooled loan's value in the search, as a share of its amount: 0.05 bp. */
const STAY_SHARE = 5e-6;
/** Share of what a loan could earn in later classes that its place in an earlier one costs in the search. */
const LATER_SHARE = 3e-3;

/**
 * A stage for the search alone: among choices that are worth the same to the desk, a pooled loan stays where it is, and
 * an earlier priority class takes the loans that later classes miss least. Loans of one coupon are often worth the same
 * to several trades, so that this decides much; what it can cost is far below the gap.
 *
 * @param later cents each loan of the problem could earn in later classes; null = there are none
 */
export function withTieBreaks(problem: Problem, stage: Stage, later: Float64Array | null): Stage {
  const { currentTrade } = problem.loans;
  const net = stage.net.slice();
  for (let s = 0; s < stage.loans.length; s++) {
    const i = stage.loans[s]!;
    const given = later === null ? 0 : LATER_SHARE * later[i]!;
    for (let o = stage.start[s]!; o < stage.start[s + 1]!; o++) {
      net[o]! -= given;
      if (stage.trade[o] === currentTrade[i]) net[o]! += STAY_SHARE * stage.amount[s]!;
    }
  }
  return { ...stage, net };
}

/** Per loan and class what the loan could earn in the classes after it at the prices of a relaxation of all, cents. */
export function laterWorths({ loans, candidates }: Problem, worth: Float64Array): Float64Array[] {
  const classes = candidates.classPriority.length;
  const later = Array.from({ length: classes }, () => new Float64Array(loans.count));
  for (let c = 0; c < candidates.count; c++)
    for (let k = 0; k < candidates.priorityClass[c]!; k++) {
      const i = candidates.loan[c]!;
      later[k]![i] = Math.max(later[k]![i]!, worth[c]!);
    }
  return later;
}
