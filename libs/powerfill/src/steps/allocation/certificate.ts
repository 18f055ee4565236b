import { type AllocationSolution } from '../../allocation-worker';
import { decimalText, divideRounded, moneyText } from '../../domain/money';
import { type RunCertificate } from '../../domain/run-response';

/** The certificate as it goes into the run response: money with two decimals, basis points with four. */
export function runCertificate(solution: AllocationSolution, effort: string): RunCertificate {
  const { greedyObjective, classes, orderCost } = solution;
  return {
    objective: moneyText(solution.objective),
    upper_bound: moneyText(solution.upperBound),
    gap_usd: moneyText(solution.gap),
    gap_bp_of_upb: decimalText(divideRounded(BigInt(solution.gapMicroBp), 100n), 4),
    greedy_objective: greedyObjective === null ? null : moneyText(greedyObjective),
    gain_over_greedy_usd: greedyObjective === null ? null : moneyText(solution.objective - greedyObjective),
    ...(classes !== null && {
      classes: classes.map(({ priority, value, upperBound, gap }) => ({
        priority,
        objective: moneyText(value),
        upper_bound: moneyText(upperBound),
        gap_usd: moneyText(gap),
      })),
    }),
    ...(orderCost !== null && { order_cost_usd: { low: moneyText(orderCost.low), high: moneyText(orderCost.high) } }),
    moves: solution.moves,
    seed: solution.seed,
    effort,
    replayable: solution.replayable,
    audit: 'passed',
  };
}
