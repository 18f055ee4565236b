import { runHistoryTable } from '@powerfill/core/entities';
import {
  ALL_ROWS,
  candidatesReport,
  cashSlottingReport,
  existingDispositionReport,
  guideReport,
  kickoutDollarsByCode,
  kickoutsReport,
  loanComparison,
  poolingGuideReport,
  comparisonTotals,
  switchingReport,
  type ReportRun,
  type RowRequest,
} from '@powerfill/core/reports';
import { changeAgainstPrevious } from '@powerfill/core/reports/run-change';
import { unplacedGroups } from '@powerfill/core/reports/unplaced-groups';
import { valueByTerm } from '@powerfill/core/reports/value-by-term';
import { type RecordedStatement, recordedInScope } from './recorder';

const rowKey = { run_id: '0193a5f0-0000-7000-8000-000000000001', attempt: 2 };
const before = { run_id: '0193a5f0-0000-7000-8000-000000000000', attempt: 1 };

/** A complete run as far as the reports look at it; nothing has columns that these statements do not ask for. */
const run = {
  row: {
    ...Object.fromEntries(Object.keys(runHistoryTable.columns).map((name) => [name, null])),
    ...rowKey,
    started_at: new Date('2026-11-23T12:00:00.000Z'),
    response_json: '{}',
  },
  rowKey,
} as unknown as ReportRun;

/** Sorted, filtered and from after a position: everything a page can ask of a report at once. */
const filtered: RowRequest = {
  order: [{ column: 'gain_amount', descending: true }],
  filters: [
    { column: 'to_trade_id', operator: 'in', values: ['T1', 'T2'] },
    { column: 'score_before', operator: 'ne', values: [10_150_000_000] },
    { column: 'from_trade_id', operator: 'notnull', values: [] },
  ],
};

/** What each report sends, by name. */
export const REPORT_STATEMENTS: Readonly<Record<string, () => Promise<RecordedStatement[]>>> = {
  guide: () => recordedInScope(() => guideReport.page(run, ALL_ROWS, 200)),
  candidates: () => recordedInScope(() => candidatesReport.page(run, ALL_ROWS, 200)),
  kickouts: () => recordedInScope(() => kickoutsReport.page(run, ALL_ROWS, 200)),
  'kickout dollars by code': () => recordedInScope(() => kickoutDollarsByCode(run)),
  switching: () => recordedInScope(() => switchingReport.page(run, ALL_ROWS, 200)),
  'switching, sorted, filtered, second page': () =>
    recordedInScope(() => switchingReport.page(run, filtered, 50, ['12050', 'L0001'])),
  'existing disposition': () => recordedInScope(() => existingDispositionReport.page(run, ALL_ROWS, 200)),
  'cash slotting': () => recordedInScope(() => cashSlottingReport.page(run, ALL_ROWS, 200)),
  'pooling guide': () => recordedInScope(() => poolingGuideReport.page(run, ALL_ROWS, 200)),
  'value by term': () => recordedInScope(() => valueByTerm(run)),
  'unplaced groups': () => recordedInScope(() => unplacedGroups(run, [])),
  'change against the previous run': () => recordedInScope(() => changeAgainstPrevious(run)),
  'comparison by loan': () => recordedInScope(() => loanComparison(before).page(run, ALL_ROWS, 200)),
  'comparison totals': () => recordedInScope(() => comparisonTotals(before, rowKey, [])),
};
