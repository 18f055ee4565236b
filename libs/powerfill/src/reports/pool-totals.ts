import { joinSql, raw, sql } from '@powerfill/database';
import { tenantDatabase } from '@powerfill/tenancy';
import { poolGuideTable } from '../entities';
import { bigScaled } from './exact-sums';
import type { ReportRun } from './freshness';

/**
 * Sums over the loans a pool holds after the run. Amounts in cents; `...Sum` are cents times 1e-6 percent (FICO:
 * times points), to be divided by the amount of the loans that have the attribute.
 */
export interface PoolTotals {
  readonly poolName: string;
  readonly tradeId: string | null;
  readonly poolKind: string;
  readonly lockPool: string;
  readonly count: number;
  /** Loans that were not in the pool before. */
  readonly joined: number;
  readonly amount: bigint;
  readonly noteRateSum: bigint;
  readonly lowestRate: number;
  readonly highestRate: number;
  readonly ficoSum: bigint;
  readonly ficoAmount: bigint;
  readonly ltvSum: bigint;
  readonly ltvAmount: bigint;
  readonly dtiSum: bigint;
  readonly dtiAmount: bigint;
  readonly highBalance: bigint;
  readonly coop: bigint;
  readonly relocation: bigint;
  readonly buydown: bigint;
  readonly uncertified: bigint;
  readonly uncertifiedCount: number;
}

const IN_POOL = `action IN ('Remaining', 'Joining', 'Swapped In')`;
const where = (condition: string, what: string): string => `SUM(CASE WHEN ${condition} THEN ${what} ELSE 0 END)`;

/** Expressions by name; all come as text, so that no driver rounds them. */
const SUMS = {
  count: 'COUNT(*)',
  joined: where(`action <> 'Remaining'`, '1'),
  amount: 'SUM(amount)',
  note_rate_sum: 'SUM(amount * note_rate)',
  lowest_rate: 'MIN(note_rate)',
  highest_rate: 'MAX(note_rate)',
  fico_sum: where('fico IS NOT NULL', 'amount * fico'),
  fico_amount: where('fico IS NOT NULL', 'amount'),
  ltv_sum: where('ltv IS NOT NULL', 'amount * ltv'),
  ltv_amount: where('ltv IS NOT NULL', 'amount'),
  dti_sum: where('dti IS NOT NULL', 'amount * dti'),
  dti_amount: where('dti IS NOT NULL', 'amount'),
  high_balance: where('CAST(high_balance AS int) = 1', 'amount'),
  coop: where(`non_standard = 'coop'`, 'amount'),
  relocation: where(`non_standard = 'relocation'`, 'amount'),
  buydown: where(`non_standard = 'buydown'`, 'amount'),
  uncertified: where('CAST(is_certified AS int) = 0', 'amount'),
  uncertified_count: where('CAST(is_certified AS int) = 0', '1'),
} as const;
type Sums = Record<keyof typeof SUMS, string>;

/** The pools of a run that hold loans after it, by name. */
export async function readPoolTotals(rowKey: NonNullable<ReportRun['rowKey']>): Promise<PoolTotals[]> {
  const { dialect, dataSource } = tenantDatabase();
  const list = joinSql(
    Object.entries(SUMS).map(([name, expression]) => raw(`CAST(${expression} AS varchar(60)) AS ${name}`)),
    ', ',
  );
  const rows = await dialect.query<Sums & { pool_name: string; trade_id: string | null; kind: string; lock: string }>(
    dataSource,
    sql`SELECT pool_name, MAX(trade_id) AS trade_id, MAX(pool_kind) AS kind, MAX(lock_pool) AS lock, ${list}
        FROM ${dialect.table(poolGuideTable)}
        WHERE run_id = ${rowKey.run_id} AND attempt = ${rowKey.attempt} AND ${raw(IN_POOL)}
        GROUP BY pool_name ORDER BY pool_name`,
  );
  return rows.map((row) => ({
    poolName: row.pool_name,
    tradeId: row.trade_id,
    poolKind: row.kind,
    lockPool: row.lock,
    count: Number(row.count),
    joined: Number(row.joined),
    amount: bigScaled(row.amount, 2),
    // Cents times 1e-6 percent: eight decimals of dollars times percent.
    noteRateSum: bigScaled(row.note_rate_sum, 8),
    lowestRate: Number(bigScaled(row.lowest_rate, 6)),
    highestRate: Number(bigScaled(row.highest_rate, 6)),
    ficoSum: bigScaled(row.fico_sum, 2),
    ficoAmount: bigScaled(row.fico_amount, 2),
    ltvSum: bigScaled(row.ltv_sum, 8),
    ltvAmount: bigScaled(row.ltv_amount, 2),
    dtiSum: bigScaled(row.dti_sum, 8),
    dtiAmount: bigScaled(row.dti_amount, 2),
    highBalance: bigScaled(row.high_balance, 2),
    coop: bigScaled(row.coop, 2),
    relocation: bigScaled(row.relocation, 2),
    buydown: bigScaled(row.buydown, 2),
    uncertified: bigScaled(row.uncertified, 2),
    uncertifiedCount: Number(row.uncertified_count),
  }));
}
