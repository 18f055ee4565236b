import { tenantDatabase } from '@powerfill/tenancy';
import { decimalText, divideRounded, moneyText, rateText } from '../domain/money';
import {
  goodDeliveryTable,
  instrumentTable,
  poolGuideTable,
  tradeBaseTable,
  type InstrumentRow,
  type TradeBaseRow,
} from '../entities';
import { deliveryChecks, type DeliveryCheck, type DeliveryParameter } from '../pooling/good-delivery';
import { ComputedReport } from './computed-report';
import type { ReportRun } from './freshness';
import { readPoolTotals, type PoolTotals } from './pool-totals';
import { computed, CONTENT, tableColumns, type ReportColumn } from './report-column';

/** A pool as the run leaves it. */
export interface PoolLine {
  readonly totals: PoolTotals;
  /** Null for a pool that is designated to no trade. */
  readonly trade: TradeBaseRow | null;
  readonly checks: readonly DeliveryCheck[];
  /** Loan ids, sorted; filled for the pools that are shown. */
  readonly members: readonly string[];
}

/** Columns of the pool's trade. */
const ofTrade = (...names: (keyof TradeBaseRow)[]): ReportColumn<PoolLine>[] =>
  tableColumns(tradeBaseTable, names).map((column) => ({
    ...column,
    cell: ({ trade }) => (trade === null ? null : column.cell(trade)),
  }));

const average = (sum: bigint, weight: bigint, scale: number): string | null =>
  weight === 0n ? null : decimalText(divideRounded(sum, weight), scale);

const isGood = ({ checks }: PoolLine): boolean | null =>
  checks.length === 0 ? null : checks.every(({ status }) => status === 'pass');

/** Spread of the average note rate over the trade's coupon. */
function spread({ totals, trade }: PoolLine): string | null {
  const coupon = trade?.coupon ?? null;
  if (coupon === null || totals.amount === 0n) return null;
  return rateText(Number(divideRounded(totals.noteRateSum, totals.amount)) - coupon);
}

/**
 * One row per pool that holds loans after the run: who is in it, its averages, and whether it is good delivery.
 * Amounts are at the issue date's balance.
 */
export const poolingGuideReport = new ComputedReport<PoolLine>({
  columns: [
    computed('pool_name', CONTENT.code, ({ totals }) => totals.poolName),
    computed('pool_kind', CONTENT.code, ({ totals }) => totals.poolKind),
    computed('lock_pool', CONTENT.code, ({ totals }) => totals.lockPool),
    ...ofTrade('trade_id', 'delivery_type', 'investor_instrument_name', 'coupon', 'settlement_date'),
    computed('member_count', CONTENT.whole, ({ totals }) => totals.count),
    computed('new_member_count', CONTENT.whole, ({ totals }) => totals.joined),
    computed('amount', CONTENT.dollars, ({ totals }) => moneyText(totals.amount)),
    computed('wa_note_rate', CONTENT.rate, ({ totals }) => average(totals.noteRateSum, totals.amount, 6)),
    computed('min_note_rate', CONTENT.rate, ({ totals }) => rateText(totals.lowestRate)),
    computed('max_note_rate', CONTENT.rate, ({ totals }) => rateText(totals.highestRate)),
    computed('spread', CONTENT.rate, spread),
    computed('wa_fico', CONTENT.score, ({ totals }) => average(totals.ficoSum * 10_000n, totals.ficoAmount, 4)),
    computed('wa_ltv', CONTENT.rate, ({ totals }) => average(totals.ltvSum, totals.ltvAmount, 6)),
    computed('wa_dti', CONTENT.rate, ({ totals }) => average(totals.dtiSum, totals.dtiAmount, 6)),
    computed('high_balance_amount', CONTENT.dollars, ({ totals }) => moneyText(totals.highBalance)),
    computed('non_standard_amount', CONTENT.dollars, ({ totals }) =>
      moneyText(totals.coop + totals.relocation + totals.buydown),
    ),
    computed('documents_outstanding_count', CONTENT.whole, ({ totals }) => totals.uncertifiedCount),
    computed('documents_outstanding_amount', CONTENT.dollars, ({ totals }) => moneyText(totals.uncertified)),
    computed('good_delivery', CONTENT.flag, isGood),
    computed('checks', CONTENT.json, ({ checks }) => checks),
    computed('members', CONTENT.json, ({ members }) => members),
  ],
  rows: readPools,
  key: ({ totals }) => totals.poolName,
  complete: withMembers,
});

async function readPools({ rowKey }: ReportRun): Promise<PoolLine[]> {
  if (rowKey === null) return [];
  const { dialect, dataSource } = tenantDatabase();
  const pools = await readPoolTotals(rowKey);
  const trades = await dialect.readRows(dataSource, tradeBaseTable, { where: rowKey, orderBy: ['trade_id'] });
  const instruments = await dialect.readRows(dataSource, instrumentTable);
  return poolLines(pools, trades, instruments, await deliveryParameters());
}

/** The market's parameters as the tenant has them. */
export async function deliveryParameters(): Promise<DeliveryParameter[]> {
  const { dialect, dataSource } = tenantDatabase();
  const rows = await dialect.readRows(dataSource, goodDeliveryTable);
  return rows.map((row) => ({
    program: row.program.toLowerCase(),
    rule: row.rule_name,
    effectiveFrom: row.effective_from,
    value: row.rule_value,
  }));
}

/** Joins pools with their trades and checks the pools of each `mbs` trade together. */
export function poolLines(
  pools: readonly PoolTotals[],
  trades: readonly TradeBaseRow[],
  instruments: readonly InstrumentRow[],
  parameters: readonly DeliveryParameter[],
): PoolLine[] {
  const byId = new Map(trades.map((trade) => [trade.trade_id, trade]));
  const programs = new Map(instruments.map((row) => [row.investor_instrument_name, row.program.toLowerCase()]));
  const checks = new Map<PoolTotals, readonly DeliveryCheck[]>();
  for (const trade of trades) {
    const own = pools.filter(({ tradeId }) => tradeId === trade.trade_id);
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
    trade: byId.get(totals.tradeId ?? '') ?? null,
    checks: checks.get(totals) ?? [],
    members: [],
  }));
}

const deliveredPool = ({ amount, highBalance, coop, relocation, buydown, ...pool }: PoolTotals) => ({
  lowestRate: pool.lowestRate,
  highestRate: pool.highestRate,
  amount: Number(amount),
  highBalance: Number(highBalance),
  coop: Number(coop),
  relocation: Number(relocation),
  buydown: Number(buydown),
});

async function withMembers({ rowKey }: ReportRun, lines: readonly PoolLine[]): Promise<readonly PoolLine[]> {
  if (rowKey === null || lines.length === 0) return lines;
  const { dialect, dataSource } = tenantDatabase();
  const rows = await dialect.readRows(dataSource, poolGuideTable, {
    columns: ['pool_name', 'loan_id'],
    where: {
      ...rowKey,
      pool_name: lines.map(({ totals }) => totals.poolName),
      action: ['Remaining', 'Joining', 'Swapped In'],
    },
    orderBy: ['pool_name', 'loan_id'],
  });
  const members = new Map<string, string[]>();
  for (const { pool_name: pool, loan_id: loan } of rows) {
    const known = members.get(pool);
    if (known === undefined) members.set(pool, [loan]);
    else known.push(loan);
  }
  return lines.map((line) => ({ ...line, members: members.get(line.totals.poolName) ?? [] }));
}
