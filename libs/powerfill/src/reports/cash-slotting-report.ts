import { rowReader, sql } from '@powerfill/database';
import { tenantDatabase } from '@powerfill/tenancy';
import { moneyText, pointsText, rateText } from '../domain/money';
import { cashMarketMapTable, guideTable, tradeBaseTable, type CashMarketMapRow, type TradeBaseRow } from '../entities';
import { ComputedReport } from './computed-report';
import { bigScaled } from './exact-sums';
import type { ReportRun } from './freshness';
import { computed, CONTENT } from './report-column';

/** A note rate of a cash trade's grid with the loans placed at it; rates in 1e-6 percent, amounts in cents. */
export interface CashSlot {
  readonly trade: TradeBaseRow;
  readonly noteRate: number;
  /** 1e-8 point; null for a rate below the grid, which only members of locked pools have. */
  readonly price: number | null;
  readonly isPosted: boolean;
  readonly loans: number;
  readonly amount: bigint;
}

/** Loans of one note rate in one trade. */
export interface PlacedAtRate {
  readonly tradeId: string;
  readonly noteRate: number;
  readonly loans: number;
  readonly amount: bigint;
}

/** Cash trades by note-rate slot: price, room, loans placed. */
export const cashSlottingReport = new ComputedReport<CashSlot>({
  columns: [
    computed('trade_id', CONTENT.code, ({ trade }) => trade.trade_id),
    computed('trade_type', CONTENT.code, ({ trade }) => trade.trade_type),
    computed('investor_instrument_name', CONTENT.code, ({ trade }) => trade.investor_instrument_name),
    computed('settlement_date', CONTENT.date, ({ trade }) => trade.settlement_date),
    computed('note_rate', CONTENT.rate, ({ noteRate }) => rateText(noteRate)),
    computed('price', CONTENT.points, ({ price }) => (price === null ? null : pointsText(price))),
    computed('posted', CONTENT.flag, ({ isPosted }) => isPosted),
    computed('loan_count', CONTENT.whole, ({ loans }) => loans),
    computed('amount', CONTENT.dollars, ({ amount }) => moneyText(amount)),
    computed('trade_fill_amount', CONTENT.dollars, ({ trade }) => moneyText(trade.fill_amount ?? 0)),
    computed('trade_max_amount', CONTENT.dollars, ({ trade }) => moneyText(trade.max_amount)),
    computed('trade_room_amount', CONTENT.dollars, ({ trade }) =>
      moneyText(trade.max_amount - (trade.fill_amount ?? 0)),
    ),
  ],
  rows: readSlots,
  key: ({ trade, noteRate }) => `${trade.trade_id} ${noteRate}`,
});

async function readSlots({ rowKey }: ReportRun): Promise<CashSlot[]> {
  if (rowKey === null) return [];
  const { dialect, dataSource } = tenantDatabase();
  const trades = await dialect.readRows(dataSource, tradeBaseTable, {
    where: { ...rowKey, trade_type: ['wl', 'be'] },
    orderBy: ['trade_id'],
  });
  const grid = await dialect.readRows(dataSource, cashMarketMapTable, {
    where: rowKey,
    orderBy: ['trade_id', 'note_rate'],
  });
  const placed = await dialect.query<{ trade_id: string; note_rate: string; loans: number | string; amount: string }>(
    dataSource,
    sql`SELECT placed.trade_id, CAST(placed.note_rate AS varchar(20)) AS note_rate, COUNT(*) AS loans,
          CAST(SUM(placed.amount) AS varchar(50)) AS amount
        FROM ${dialect.table(guideTable)} placed
        JOIN ${dialect.table(tradeBaseTable)} trades ON trades.run_id = placed.run_id
          AND trades.attempt = placed.attempt AND trades.trade_id = placed.trade_id
        WHERE placed.run_id = ${rowKey.run_id} AND placed.attempt = ${rowKey.attempt} AND trades.trade_type <> 'mbs'
        GROUP BY placed.trade_id, placed.note_rate`,
  );
  const read = rowReader(guideTable, ['trade_id', 'note_rate']);
  return cashSlots(
    trades,
    grid,
    placed.map((row) => {
      const { trade_id: tradeId, note_rate: noteRate } = read(row);
      return { tradeId, noteRate, loans: Number(row.loans), amount: bigScaled(row.amount, 2) };
    }),
  );
}

/**
 * Puts loans into the slots of their trades: the highest rate of the grid that is not above the loan's, as the price
 * is read (engine.md, step 1); a loan below the grid makes a slot of its own rate.
 * @param grid by trade and rate, ascending
 */
export function cashSlots(
  trades: readonly TradeBaseRow[],
  grid: readonly CashMarketMapRow[],
  placed: readonly PlacedAtRate[],
): CashSlot[] {
  return trades.flatMap((trade) => {
    const slots = new Map<number, CashSlot>();
    const own = grid.filter(({ trade_id: tradeId }) => tradeId === trade.trade_id);
    for (const { note_rate: noteRate, price, posted } of own) {
      slots.set(noteRate, { trade, noteRate, price, isPosted: posted, loans: 0, amount: 0n });
    }
    for (const { noteRate, loans, amount } of placed.filter(({ tradeId }) => tradeId === trade.trade_id)) {
      const at = own.filter((row) => row.note_rate <= noteRate).at(-1)?.note_rate ?? noteRate;
      const slot = slots.get(at) ?? { trade, noteRate: at, price: null, isPosted: false, loans: 0, amount: 0n };
      slots.set(at, { ...slot, loans: slot.loans + loans, amount: slot.amount + amount });
    }
    return [...slots.values()].sort((a, b) => a.noteRate - b.noteRate);
  });
}
