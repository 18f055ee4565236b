import { sql } from '@powerfill/database';
import { tenantDatabase } from '@powerfill/tenancy';
import { kickoutTable, syntheticTradeTable, type SyntheticTradeRow } from '../entities';
import { bigScaled } from './exact-sums';
import type { ReportRun } from './freshness';

/** Kickouts with the same alternative and the same nearest trade. */
export interface UnplacedGroup {
  readonly nearestTradeId: string | null;
  readonly alternative: SyntheticTradeRow | null;
  readonly loans: number;
  readonly cents: bigint;
}

/** The run's alternatives; today's market grid has hundreds of rows. */
export async function alternativesOf({ rowKey }: ReportRun): Promise<readonly SyntheticTradeRow[]> {
  if (rowKey === null) return [];
  const { dialect, dataSource } = tenantDatabase();
  return dialect.readRows(dataSource, syntheticTradeTable, { where: rowKey, orderBy: ['syn_trade_id'] });
}

/** The loans without a trade, grouped in the database. */
export async function unplacedGroups(
  { rowKey }: ReportRun,
  alternatives: readonly SyntheticTradeRow[],
): Promise<UnplacedGroup[]> {
  if (rowKey === null) return [];
  const { dialect, dataSource } = tenantDatabase();
  const byId = new Map(alternatives.map((row) => [row.syn_trade_id, row]));
  const rows = await dialect.query<{
    nearest_trade_id: string | null;
    alternative_id: string | null;
    loans: number | string;
    amount: string;
  }>(
    dataSource,
    sql`SELECT nearest_trade_id, alternative_id, COUNT(*) AS loans, CAST(SUM(amount) AS varchar(50)) AS amount
        FROM ${dialect.table(kickoutTable)}
        WHERE run_id = ${rowKey.run_id} AND attempt = ${rowKey.attempt}
        GROUP BY nearest_trade_id, alternative_id`,
  );
  return rows.map((row) => ({
    nearestTradeId: row.nearest_trade_id,
    alternative: row.alternative_id === null ? null : (byId.get(row.alternative_id) ?? null),
    loans: Number(row.loans),
    cents: bigScaled(row.amount, 2),
  }));
}
