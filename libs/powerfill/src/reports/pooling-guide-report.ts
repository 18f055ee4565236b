import { tenantDatabase } from '@powerfill/tenancy';
import { moneyText, rateText } from '../domain/money';
import {
  goodDeliveryTable,
  instrumentTable,
  poolGuideTable,
  poolTotalsTable,
  tradeBaseTable,
  type PoolGuideRow,
  type TradeBaseRow,
} from '../entities';
import {
  deliveryChecks,
  type DeliveredPool,
  type DeliveryCheck,
  type DeliveryParameter,
} from '../pooling/good-delivery';
import { poolTotals, type PoolTotals } from '../pooling/pool-totals';
import { ComputedReport } from './computed-report';
import type { ReportRun } from './freshness';
import { computed, CONTENT, tableColumns, type ReportColumn } from './report-column';

/** A pool as the run leaves it. */
export interface PoolLine {
  readonly totals: PoolTotals;
  /** Null for a pool that is designated to no trade. */
  readonly trade: TradeBaseRow | null;
  readonly checks: readonly DeliveryCheck[];
}

/** Columns of the pool's trade. */
const ofTrade = (...names: (keyof TradeBaseRow)[]): ReportColumn<PoolLine>[] =>
  tableColumns(tradeBaseTable, names).map((column) => ({
    ...column,
    cell: ({ trade }) => (trade === null ? null : column.cell(trade)),
  }));

/** Columns of the pool itself. */
const ofPool = (...names: (keyof PoolTotals)[]): ReportColumn<PoolLine>[] => {
  const columns: ReportColumn<PoolTotals>[] = tableColumns(poolTotalsTable, names);
  return columns.map((column) => ({ ...column, cell: ({ totals }) => column.cell(totals) }));
};

const isGood = ({ checks }: PoolLine): boolean | null =>
  checks.length === 0 ? null : checks.every(({ status }) => status === 'pass');

/** Spread of the average note rate over the trade's coupon. */
function spread({ totals, trade }: PoolLine): string | null {
  const coupon = trade?.coupon ?? null;
  return coupon === null || totals.wa_note_rate === null ? null : rateText(totals.wa_note_rate - coupon);
}

/**
 * One row per pool that holds loans after the run: who is in it, its averages, and whether it is good delivery.
 * Amounts are at the issue date's balance.
 */
export const poolingGuideReport = new ComputedReport<PoolLine>({
  columns: [
    ...ofPool('pool_name', 'pool_kind', 'lock_pool'),
    ...ofTrade('trade_id', 'delivery_type', 'investor_instrument_name', 'coupon', 'settlement_date'),
    ...ofPool('member_count', 'new_member_count', 'amount', 'wa_note_rate', 'min_note_rate', 'max_note_rate'),
    computed('spread', CONTENT.rate, spread),
    ...ofPool('wa_fico', 'wa_ltv', 'wa_dti', 'high_balance_amount'),
    computed('non_standard_amount', CONTENT.dollars, ({ totals }) =>
      moneyText(totals.coop_amount + totals.relocation_amount + totals.buydown_amount),
    ),
    ...ofPool('documents_outstanding_count', 'documents_outstanding_amount'),
    computed('good_delivery', CONTENT.flag, isGood),
    computed('checks', CONTENT.json, ({ checks }) => checks),
    ...ofPool('members_json'),
  ],
  rows: readPools,
  key: ({ totals }) => totals.pool_name,
});

async function readPools({ rowKey }: ReportRun): Promise<PoolLine[]> {
  if (rowKey === null) return [];
  const { dialect, dataSource } = tenantDatabase();
  const pools = await readPoolTotals(rowKey);
  const trades = await dialect.readRows(dataSource, tradeBaseTable, { where: rowKey, orderBy: ['trade_id'] });
  return poolLines(pools, trades, await deliveryBasis());
}

/** The pools of a run that hold loans after it, by name. */
async function readPoolTotals(rowKey: NonNullable<ReportRun['rowKey']>): Promise<PoolTotals[]> {
  const { dialect, dataSource } = tenantDatabase();
  const stored = await dialect.readRows(dataSource, poolTotalsTable, { where: rowKey, orderBy: ['pool_name'] });
  if (stored.length > 0) return stored;
  // A run of an older version, or one without pools.
  const orderBy = ['pool_name', 'loan_id'] as const;
  const byPool = new Map<string, PoolGuideRow[]>();
  for (const row of await dialect.readRows(dataSource, poolGuideTable, { where: rowKey, orderBy })) {
    const rows = byPool.get(row.pool_name);
    if (rows === undefined) byPool.set(row.pool_name, [row]);
    else rows.push(row);
  }
  return [...byPool.values()].map(poolTotals).filter((totals) => totals !== null);
}

/** What good delivery is checked against, as the tenant has it when the report is read. */
export interface DeliveryBasis {
  readonly parameters: readonly DeliveryParameter[];
  /** Instruments and their programs. */
  readonly programs: readonly (readonly [instrument: string, program: string])[];
}

/** Reads the market's parameters and the programs they hold for. */
export async function deliveryBasis(): Promise<DeliveryBasis> {
  const { dialect, dataSource } = tenantDatabase();
  const orderBy = ['program', 'rule_name', 'effective_from'] as const;
  const rows = await dialect.readRows(dataSource, goodDeliveryTable, { orderBy });
  const instruments = await dialect.readRows(dataSource, instrumentTable, {
    columns: ['investor_instrument_name', 'program'],
    orderBy: ['investor_instrument_name'],
  });
  return {
    parameters: rows.map((row) => ({
      program: row.program.toLowerCase(),
      rule: row.rule_name,
      effectiveFrom: row.effective_from,
      value: row.rule_value,
    })),
    programs: instruments.map((row) => [row.investor_instrument_name, row.program.toLowerCase()]),
  };
}

/** Joins pools with their trades and checks the pools of each `mbs` trade together. */
function poolLines(
  pools: readonly PoolTotals[],
  trades: readonly TradeBaseRow[],
  { parameters, programs: named }: DeliveryBasis,
): PoolLine[] {
  const byId = new Map(trades.map((trade) => [trade.trade_id, trade]));
  const programs = new Map(named);
  const checks = new Map<PoolTotals, readonly DeliveryCheck[]>();
  for (const trade of trades) {
    const own = pools.filter(({ trade_id: tradeId }) => tradeId === trade.trade_id);
    const program = programs.get(trade.investor_instrument_name);
    if (trade.trade_type !== 'mbs' || program === undefined) continue;
    const results = deliveryChecks(
      { program, deliveryType: trade.delivery_type, coupon: trade.coupon, settlementDate: trade.settlement_date },
      own.map(deliveredPool),
      parameters,
    );
    own.forEach((pool, index) => checks.set(pool, results[index] ?? []));
  }
  return pools.map((totals) => ({
    totals,
    trade: byId.get(totals.trade_id ?? '') ?? null,
    checks: checks.get(totals) ?? [],
  }));
}

const deliveredPool = (pool: PoolTotals): DeliveredPool => ({
  lowestRate: pool.min_note_rate,
  highestRate: pool.max_note_rate,
  amount: pool.amount,
  highBalance: pool.high_balance_amount,
  coop: pool.coop_amount,
  relocation: pool.relocation_amount,
  buydown: pool.buydown_amount,
});
