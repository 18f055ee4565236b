import type { LockdownRow, PoolRow, TradePoolRow } from '../entities';

export type PoolLock = 'N' | 'Y' | 'O';

/** A pool today: where it is designated and whether its members are fixed. */
export interface PoolState {
  readonly poolName: string;
  /** Null when the pool is in `pscat_pools` no more but loans still name it. */
  readonly pool: PoolRow | null;
  readonly tradeId: string | null;
  readonly lock: PoolLock;
  /** More trades than one claim the pool; the first by id counts. */
  readonly otherTradeIds: readonly string[];
}

interface PoolTables {
  readonly pools: readonly PoolRow[];
  readonly tradePools: readonly TradePoolRow[];
  readonly lockdown: readonly LockdownRow[];
}

/**
 * The pools of a tenant (engine.md, step 5). A `user` row of the lockdown guide decides over everything upstream says;
 * without one, a pool that is submitted, certified or issued is `Y`, then an upstream row counts, else `N`. The
 * designation is the user's, else the relation's, else the guide's upstream row's.
 */
export class PoolBook {
  private readonly states = new Map<string, PoolState>();

  constructor({ pools, tradePools, lockdown }: PoolTables) {
    const byName = new Map(pools.map((pool) => [pool.pool_name, pool]));
    const guide = new Map(lockdown.map((row) => [row.pool_name, row]));
    const trades = new Map<string, string[]>();
    for (const { pool_name, trade_id } of tradePools)
      trades.set(pool_name, [...(trades.get(pool_name) ?? []), trade_id]);
    for (const name of new Set([...byName.keys(), ...guide.keys(), ...trades.keys()])) {
      const related = (trades.get(name) ?? []).sort();
      const row = guide.get(name);
      const chosen = isUserRow(row) ? row.trade_id : null;
      this.states.set(name, {
        poolName: name,
        pool: byName.get(name) ?? null,
        tradeId: chosen ?? related[0] ?? row?.trade_id ?? null,
        lock: poolLock(byName.get(name), row),
        otherTradeIds: chosen === null ? related.slice(1) : [],
      });
    }
  }

  /** The pool's state; null for a loan in no pool. */
  stateOf(poolName: string | null): PoolState | null {
    if (poolName === null || poolName === '') return null;
    return this.states.get(poolName) ?? { poolName, pool: null, tradeId: null, lock: 'N', otherTradeIds: [] };
  }

  /** Every pool that a table names, sorted by name. */
  all(): readonly PoolState[] {
    return [...this.states.values()].sort((a, b) => (a.poolName < b.poolName ? -1 : 1));
  }
}

function poolLock(pool: PoolRow | undefined, row: LockdownRow | undefined): PoolLock {
  if (isUserRow(row)) return lockOf(row);
  if (pool !== undefined && pool.status.toLowerCase() !== 'open') return 'Y';
  return row === undefined ? 'N' : lockOf(row);
}

const isUserRow = (row: LockdownRow | undefined): row is LockdownRow => row?.source.toLowerCase() === 'user';

function lockOf(row: LockdownRow): PoolLock {
  const lock = row.lock_pool.toUpperCase();
  return lock === 'Y' || lock === 'O' ? lock : 'N';
}
