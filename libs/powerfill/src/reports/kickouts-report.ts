import { sql } from '@powerfill/database';
import { tenantDatabase } from '@powerfill/tenancy';
import { moneyText } from '../domain/money';
import { kickoutTable } from '../entities';
import { bigScaled } from './exact-sums';
import type { ReportRun } from './freshness';
import { ListedReport } from './listed-report';

/** One row per loan without a trade: why, the trade it nearly made, by how much it missed. */
export const kickoutsReport = new ListedReport({
  table: kickoutTable,
  key: ['loan_id'],
  names: [
    'loan_id',
    'amount',
    'note_rate',
    'pool_name',
    'code',
    'reason',
    'candidate_count',
    'code_counts_json',
    'nearest_trade_id',
    'nearest_score',
    'reservation_price',
    'margin_points',
    'displaced_by',
    'days_since_close',
    'days_to_lock_expiry',
    'alternative_id',
    'alternative_score',
  ],
});

/** Loans and dollars of one kickout code. */
export interface KickoutDollars {
  readonly code: string;
  readonly loans: number;
  readonly amount: string;
}

/** Kickouts by code, most dollars first. */
export async function kickoutDollarsByCode({ rowKey }: ReportRun): Promise<KickoutDollars[]> {
  if (rowKey === null) return [];
  const { dialect, dataSource } = tenantDatabase();
  const rows = await dialect.query<{ code: string; loans: number | string; amount: string }>(
    dataSource,
    sql`SELECT code, COUNT(*) AS loans, CAST(SUM(amount) AS varchar(50)) AS amount FROM ${dialect.table(kickoutTable)}
        WHERE run_id = ${rowKey.run_id} AND attempt = ${rowKey.attempt} GROUP BY code`,
  );
  return rows
    .map(({ code, loans, amount }) => ({ code, loans: Number(loans), cents: bigScaled(amount, 2) }))
    .sort((a, b) => (a.cents === b.cents ? (a.code < b.code ? -1 : 1) : a.cents > b.cents ? -1 : 1))
    .map(({ code, loans, cents }) => ({ code, loans, amount: moneyText(cents) }));
}
