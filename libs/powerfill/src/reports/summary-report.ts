import type { RunCertificate, RunResponse, RunWarning } from '../domain/run-response';
import { currentResponse } from '../runs/run-response';
import { coverageRows, type CoverageRow } from './coverage';
import type { ReportRun } from './freshness';
import { kickoutDollarsByCode, type KickoutDollars } from './kickouts-report';
import { positionRows, type PositionRow } from './position';
import { recapLines } from './recap-report';
import { computed, CONTENT, type ReportColumn, type WireValue } from './report-column';
import { changeAgainstPrevious, type RunChange } from './run-change';
import { suggestedTrades, type SuggestedTrade } from './suggested-trades';
import { alternativesOf, unplacedGroups } from './unplaced-groups';
import { valueByTerm, type ValueByTerm } from './value-by-term';

/** A run on one page (config-and-reports.md, `/summary`). */
export interface SummaryReport {
  readonly as_of_date: string;
  readonly counts: RunResponse['counts'];
  readonly certificate: RunCertificate | null;
  readonly dollars_by_outcome: RunResponse['dollars_by_outcome'];
  readonly fill_by_trade_type: RunResponse['fill_by_trade_type'];
  readonly value_by_price_term: ValueByTerm;
  readonly position: readonly PositionRow[];
  readonly coverage: readonly CoverageRow[];
  readonly kickout_dollars_by_code: readonly KickoutDollars[];
  /** What the desk's constraint order costs against the unordered optimum; null in mode `global`. */
  readonly order_cost_usd: RunCertificate['order_cost_usd'] | null;
  readonly change_against_previous: RunChange | null;
  readonly suggested_trades: readonly SuggestedTrade[];
  readonly warnings: readonly RunWarning[];
}

/** Puts the summary of a run together, from its response and its rows. */
export async function summaryReport(run: ReportRun): Promise<SummaryReport> {
  const response = currentResponse(run.row);
  const alternatives = await alternativesOf(run);
  const unplaced = await unplacedGroups(run, alternatives);
  const lines = await recapLines(run);
  return {
    as_of_date: response.options.as_of_date,
    counts: response.counts,
    certificate: response.certificate,
    dollars_by_outcome: response.dollars_by_outcome,
    fill_by_trade_type: response.fill_by_trade_type,
    value_by_price_term: await valueByTerm(run),
    position: positionRows(lines, unplaced),
    coverage: coverageRows(lines, unplaced),
    kickout_dollars_by_code: await kickoutDollarsByCode(run),
    order_cost_usd: response.certificate?.order_cost_usd ?? null,
    change_against_previous: await changeAgainstPrevious(run),
    suggested_trades: suggestedTrades(alternatives),
    warnings: response.warnings,
  };
}

/** One figure of the summary; the CSV lists them below each other. */
export interface SummaryFigure {
  readonly section: string;
  /** Position in a list of the section, from 1; null when the section is no list. */
  readonly row: number | null;
  readonly name: string;
  readonly value: WireValue;
}

/** Columns of the summary as a file: a figure a line. */
export const SUMMARY_COLUMNS: readonly ReportColumn<SummaryFigure>[] = [
  computed('section', CONTENT.text, (figure) => figure.section),
  computed('row', CONTENT.whole, (figure) => figure.row),
  computed('name', CONTENT.text, (figure) => figure.name),
  // Figures are numbers for the most part, whose minus is no formula.
  { ...computed('value', CONTENT.json, (figure: SummaryFigure) => figure.value), isFreeText: false },
];

/** The summary as figures, in the order of its sections. */
export function summaryFigures(report: SummaryReport): SummaryFigure[] {
  return Object.entries(report as unknown as Record<string, WireValue | WireValue[]>).flatMap(([section, content]) => {
    if (Array.isArray(content)) return content.flatMap((item, index) => figuresOf(section, index + 1, item));
    return figuresOf(section, null, content);
  });
}

function figuresOf(section: string, row: number | null, content: WireValue): SummaryFigure[] {
  if (content === null) return [];
  if (typeof content !== 'object') return [{ section, row, name: section, value: content }];
  return Object.entries(content).map(([name, value]) => ({ section, row, name, value }));
}
