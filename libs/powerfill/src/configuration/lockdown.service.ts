import { param, sql } from '@powerfill/database';
import { tenantDatabase } from '@powerfill/tenancy';
import { RefusedError } from '../domain/errors';
import { lockdownTable, poolTable, tradeTable, type LockdownRow } from '../entities';
import { jsonRow, tableColumns, type WireValue } from '../reports/report-column';
import { changeConfiguration, loggedRow, type ChangeScope } from './change-log';

/** What a desk says of a pool: `N` it is free, `Y` it stays as it is, `O` its loans stay and others may join. */
export const POOL_LOCKS = ['N', 'Y', 'O'] as const;
/** One of {@link POOL_LOCKS}. */
export type PoolLockChoice = (typeof POOL_LOCKS)[number];

/** What the desk says of a pool: free (`N`), closed both ways (`Y`), or members stay while it may grow (`O`). */
export interface LockdownEntry {
  readonly pool_name: string;
  readonly trade_id: string | null;
  readonly lock_pool: PoolLockChoice;
}

const COLUMNS = tableColumns(lockdownTable, ['pool_name', 'trade_id', 'lock_pool', 'source']);

/** The lockdown guide: a `user` row wins over the `upstream` rows that preprocess keeps. */
export class LockdownService {
  async list(): Promise<readonly WireValue[]> {
    const { dialect, dataSource } = tenantDatabase();
    const rows = await dialect.readRows(dataSource, lockdownTable, { orderBy: ['pool_name'] });
    return rows.map((row) => jsonRow(COLUMNS, row));
  }

  /**
   * Sets some pools, all of them or none.
   * @throws {RefusedError} `reference_unknown` naming every entry whose pool or trade does not exist
   */
  async set(entries: readonly LockdownEntry[], by: string): Promise<readonly WireValue[]> {
    return changeConfiguration(by, async (scope) => {
      await checkReferences(scope, entries);
      const known = await this.known(scope, entries);
      const rows = entries.map((entry): LockdownRow => ({ ...entry, source: 'user' }));
      await scope.dialect.upsertRows(scope.runner, lockdownTable, rows);
      for (const row of rows) {
        const before = known.get(row.pool_name);
        scope.record({
          kind: 'lockdown',
          key: row.pool_name,
          before: before === undefined ? null : loggedRow(lockdownTable, before),
          after: loggedRow(lockdownTable, row),
        });
      }
      return rows.map((row) => jsonRow(COLUMNS, row));
    });
  }

  /** Removes the desk's word on a pool. @throws {RefusedError} `object_not_found`, `upstream_owned` */
  async remove(poolName: string, by: string): Promise<void> {
    await changeConfiguration(by, async (scope) => {
      const { dialect, runner } = scope;
      const [before] = await dialect.readRows(runner, lockdownTable, { where: { pool_name: poolName } });
      if (before === undefined) throw new RefusedError('object_not_found', `Pool ${poolName} is not in the guide.`);
      if (before.source.toLowerCase() !== 'user') {
        throw new RefusedError(
          'upstream_owned',
          `What the guide says of ${poolName} comes from upstream; set it to N to overrule it.`,
        );
      }
      await dialect.execute(
        runner,
        sql`DELETE FROM ${dialect.table(lockdownTable)}
            WHERE pool_name = ${param(lockdownTable.columns.pool_name, poolName)}`,
      );
      scope.record({ kind: 'lockdown', key: poolName, before: loggedRow(lockdownTable, before), after: null });
    });
  }

  private async known(
    { dialect, runner }: ChangeScope,
    entries: readonly LockdownEntry[],
  ): Promise<ReadonlyMap<string, LockdownRow>> {
    const names = entries.map(({ pool_name: name }) => name);
    const rows = await dialect.readRows(runner, lockdownTable, { where: { pool_name: names } });
    return new Map(rows.map((row) => [row.pool_name, row]));
  }
}

async function checkReferences({ dialect, runner }: ChangeScope, entries: readonly LockdownEntry[]): Promise<void> {
  const pools = await dialect.readRows(runner, poolTable, { columns: ['pool_name'] });
  const trades = await dialect.readRows(runner, tradeTable, { columns: ['trade_id'] });
  const poolNames = new Set(pools.map(({ pool_name: name }) => name));
  const tradeIds = new Set(trades.map(({ trade_id: id }) => id));
  const seen = new Set<string>();
  const errors = entries.flatMap(({ pool_name: pool, trade_id: trade }, index) => {
    const isTwice = seen.has(pool);
    seen.add(pool);
    return [
      ...(poolNames.has(pool) ? [] : [{ path: `items[${index}].pool_name`, message: `names no pool: ${pool}` }]),
      ...(isTwice ? [{ path: `items[${index}].pool_name`, message: `names ${pool} twice` }] : []),
      ...(trade === null || tradeIds.has(trade)
        ? []
        : [{ path: `items[${index}].trade_id`, message: `names no trade: ${trade}` }]),
    ];
  });
  const [first] = errors;
  if (first === undefined) return;
  throw new RefusedError('reference_unknown', `${first.path} ${first.message}; nothing was stored.`, { errors });
}
