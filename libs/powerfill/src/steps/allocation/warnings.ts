import { type SolveWarning } from '../../allocation';
import { type RunWarning } from '../../domain/run-response';
import { type PoolRuleUse, type PricedTrade } from '../step-results';
import { type Reservations } from './reservations';

/** What the trader should know about how the allocation was set up and where it had to give way. */
export function allocationWarnings(
  reservations: Reservations,
  poolRules: readonly PoolRuleUse[],
  trades: readonly PricedTrade[],
  solver: readonly SolveWarning[],
): RunWarning[] {
  const warnings: RunWarning[] = [];
  if (reservations.withoutMarket > 0) {
    warnings.push({
      code: 'reservation_without_market',
      message: "No market price: reserved at the loan's own best score less 0.50 point.",
      count: reservations.withoutMarket,
    });
  }
  if (poolRules.length > 0) {
    const names = [...new Set(poolRules.map((rule) => rule.ruleName))].sort();
    warnings.push({
      code: 'pool_rules_not_enforced',
      message: `Rules over several loans are not enforced yet: ${names.join(', ')}.`,
      count: names.length,
    });
  }
  const mustReach = trades.filter((priced) => (priced.mustReach ?? 0) > 0).map(({ trade }) => trade.trade_id);
  if (mustReach.length > 0) {
    warnings.push({
      code: 'must_reach_not_enforced',
      message: `Minimums if used are not enforced yet: ${mustReach.join(', ')}.`,
      count: mustReach.length,
    });
  }
  return [...warnings, ...solver.map(({ code, message }) => ({ code, message }))];
}
