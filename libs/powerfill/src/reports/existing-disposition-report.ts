import { code, date, defineTable, int, joinSql, money, nullable, raw, sql, type Sql } from '@powerfill/database';
import { tenantDatabase } from '@powerfill/tenancy';
import { poolGuideTable, tradeBaseTable } from '../entities';
import { IN_POOL } from '../pooling/pool-totals';
import { ListedReport } from './listed-report';

const dispositionRows = defineTable('existing_disposition', 'output', {
  columns: {
    pool_name: code(40),
    disposition: code(12),
    lock_pool: code(1),
    /** Trade of the pool after the run. */
    trade_id: nullable(code(30)),
    investor_instrument_name: nullable(code(40)),
    settlement_date: nullable(date()),
    trade_status: nullable(code(12)),
    before_count: int(),
    before_amount: money(),
    remaining_count: int(),
    remaining_amount: money(),
    joined_count: int(),
    joined_amount: money(),
    left_count: int(),
    left_amount: money(),
    after_count: int(),
    after_amount: money(),
  },
  primaryKey: ['pool_name'],
});

/** Groups of actions in `pfill_pool_guide`; before + joined - left = after. */
const GROUPS = {
  before: ['Remaining', 'Switching', 'Leaving'],
  remaining: ['Remaining'],
  joined: ['Joining', 'Swapped In'],
  left: ['Switching', 'Leaving'],
  after: IN_POOL,
} as const;

const sums = (): Sql =>
  joinSql(
    Object.entries(GROUPS).flatMap(([name, actions]) => {
      const isOne = `action IN (${actions.map((action) => `'${action}'`).join(', ')})`;
      return [
        raw(`SUM(CASE WHEN ${isOne} THEN 1 ELSE 0 END) AS ${name}_count`),
        raw(`SUM(CASE WHEN ${isOne} THEN amount ELSE 0 END) AS ${name}_amount`),
      ];
    }),
    ', ',
  );

/**
 * What happens to each pool of today: `Locked` stays as it is, `Dissolve` loses all its loans, `Redesignate` goes to
 * another trade, `Keep` has the same loans, `Grow` only gets, `Shrink` only loses, `Exchange` does both.
 */
export const existingDispositionReport = new ListedReport({
  table: dispositionRows,
  key: ['pool_name'],
  names: Object.keys(dispositionRows.columns) as (keyof typeof dispositionRows.columns)[],
  from: ({ run_id: runId, attempt }) => {
    const { dialect } = tenantDatabase();
    return sql`(
      SELECT pools.*, trades.investor_instrument_name, trades.settlement_date, trades.status AS trade_status,
        CASE WHEN pools.lock_pool = 'Y' THEN 'Locked'
          WHEN pools.after_count = 0 THEN 'Dissolve'
          WHEN pools.pool_kind = 'redesignated' THEN 'Redesignate'
          WHEN pools.joined_count = 0 AND pools.left_count = 0 THEN 'Keep'
          WHEN pools.left_count = 0 THEN 'Grow'
          WHEN pools.joined_count = 0 THEN 'Shrink'
          ELSE 'Exchange' END AS disposition
      FROM (
        SELECT pool_name, MAX(trade_id) AS trade_id, MAX(pool_kind) AS pool_kind, MAX(lock_pool) AS lock_pool, ${sums()}
        FROM ${dialect.table(poolGuideTable)}
        WHERE run_id = ${runId} AND attempt = ${attempt} AND pool_kind <> 'new'
        GROUP BY pool_name
      ) pools
      LEFT JOIN ${dialect.table(tradeBaseTable)} trades
        ON trades.run_id = ${runId} AND trades.attempt = ${attempt} AND trades.trade_id = pools.trade_id
    ) AS existing_disposition`;
  },
});
