import type { LockdownRow, PoolRow, TradePoolRow } from '../entities';
import { foldString } from '../rules';

/** Tables that the upstream rows of the lockdown guide come from. */
interface PoolTables {
  readonly pools: readonly PoolRow[];
  readonly tradePools: readonly TradePoolRow[];
}

/** What upstream says of the pools: submitted, certified and issued ones are closed, the relation designates. */
export function upstreamLockdown({ pools, tradePools }: PoolTables): LockdownRow[] {
  const designated = new Map<string, string>();
  for (const { pool_name: pool, trade_id: trade } of tradePools) {
    const known = designated.get(pool);
    if (known === undefined || trade < known) designated.set(pool, trade);
  }
  return pools
    .map(({ pool_name: pool, status }) => ({
      pool_name: pool,
      trade_id: designated.get(pool) ?? null,
      lock_pool: foldString(status) === 'open' ? 'N' : 'Y',
      source: 'upstream',
    }))
    .filter(({ trade_id: trade, lock_pool: lock }) => trade !== null || lock === 'Y');
}

/**
 * The guide as it stands once it is prepared anew: the desk's own rows, and what upstream says now of all other pools. So
 * a run never works with upstream rows that have become stale.
 * @param stored the guide as it is stored
 */
export function freshLockdown(stored: readonly LockdownRow[], tables: PoolTables): LockdownRow[] {
  const own = stored.filter(({ source }) => foldString(source) !== 'upstream');
  const named = new Set(own.map(({ pool_name: pool }) => pool));
  const upstream = upstreamLockdown(tables).filter(({ pool_name: pool }) => !named.has(pool));
  return [...own, ...upstream].sort((a, b) => (a.pool_name < b.pool_name ? -1 : 1));
}
