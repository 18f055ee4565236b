import { tenantDatabase } from '@powerfill/tenancy';
import { BusinessCalendar } from '../domain/calendar';
import type { RunOptions } from '../domain/run-options';
import { tradeBaseTable } from '../entities';
import type { ReportRun } from './freshness';
import { RECAP_COLUMNS } from './recap-columns';
import { recapLine, type RecapLine } from './recap-line';
import { recapTotals, type RecapTotals } from './recap-totals';
import { jsonRow, type WireValue } from './report-column';
import { ALL_ROWS, type RowRequest } from './row-request';
import { selectedRows } from './selected-rows';

/** One row per trade with its totals. */
export interface RecapReport {
  readonly as_of_date: string;
  readonly trades: readonly Record<string, WireValue>[];
  readonly totals: RecapTotals;
}

/** The trades of a run, by trade id. A book has hundreds of trades, so they are read at once. */
export async function recapLines({ row, rowKey }: ReportRun): Promise<RecapLine[]> {
  if (rowKey === null) return [];
  const { dialect, dataSource, tenant } = tenantDatabase();
  const trades = await dialect.readRows(dataSource, tradeBaseTable, { where: rowKey, orderBy: ['trade_id'] });
  const calendar = new BusinessCalendar(tenant.holidays);
  const asOf = asOfOf(row.options_json);
  return trades.map((trade) => recapLine(trade, asOf, calendar));
}

/** The lines asked for, in the order asked for. */
export const recapRows = async (run: ReportRun, request: RowRequest = ALL_ROWS): Promise<readonly RecapLine[]> =>
  selectedRows(RECAP_COLUMNS, await recapLines(run), request);

/** The lines asked for with the totals over them. */
export async function recapReport(run: ReportRun, request: RowRequest = ALL_ROWS): Promise<RecapReport> {
  const lines = await recapRows(run, request);
  return {
    as_of_date: asOfOf(run.row.options_json),
    trades: lines.map((line) => jsonRow(RECAP_COLUMNS, line)),
    totals: recapTotals(lines),
  };
}

const asOfOf = (optionsJson: string): string => (JSON.parse(optionsJson) as RunOptions).as_of_date;
