import { type Problem } from '../problem/problem';
import { type Restrictions } from '../stage/restrictions';
import { type Multipliers } from './restricted-lp';

/** Multipliers of the rows in the units of the result: 1e-8 point per dollar, or cents per loan; of a min negative. */
export function limitPrices(
  problem: Problem,
  restrictions: Restrictions,
  { rowPrice }: Pick<Multipliers, 'rowPrice'>,
): Float64Array {
  const prices = new Float64Array(problem.limits.length);
  restrictions.source.forEach((row, r) => {
    const limit = problem.limits[row.limit]!;
    const perUnit = rowPrice[r]! * row.unit * (row.side === 'max' ? 1 : -1);
    prices[row.limit]! += limit.kind === 'count' || limit.kind === 'count_share' ? perUnit : perUnit * 1e10;
  });
  return prices;
}
