import { divideHalfAway, formatDecimal } from '../../allocation/exact-arithmetic';
import { type AllocationSolution } from '../../allocation-worker';
import { type RunCertificate } from '../../domain/run-response';

const dollars = (cents: number): string => formatDecimal(cents, 2, 2);

/** The certificate as it goes into the run response: money with two decimals, basis points with four. */
export function runCertificate(solution: AllocationSolution, effort: string): RunCertificate {
  const { greedyObjective, classes, orderCost } = solution;
  return {
    objective: dollars(solution.objective),
    upper_bound: dollars(solution.upperBound),
    gap_usd: dollars(solution.gap),
    gap_bp_of_upb: formatDecimal(divideHalfAway(BigInt(solution.gapMicroBp), 100n), 4, 4),
    greedy_objective: greedyObjective === null ? null : dollars(greedyObjective),
    gain_over_greedy_usd: greedyObjective === null ? null : dollars(solution.objective - greedyObjective),
    ...(classes !== null && {
      classes: classes.map(({ priority, value, upperBound, gap }) => ({
        priority,
        value: dollars(value),
        upper_bound: dollars(upperBound),
        gap: dollars(gap),
      })),
    }),
    ...(orderCost !== null && { order_cost_usd: { low: dollars(orderCost.low), high: dollars(orderCost.high) } }),
    moves: solution.moves,
    seed: solution.seed,
    effort,
    replayable: solution.replayable,
    audit: 'passed',
  };
}
