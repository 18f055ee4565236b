import type { DollarsByOutcome, RunCertificate, RunResponse } from '@powerfill/core/domain/run-response';
import type { SummaryReport } from '@powerfill/core/reports';
import { type TextColumn, centsOf, dollars, grouped, textTable } from './text-table';

const SUGGESTIONS_SHOWN = 10;

const left = <Row>(title: string, value: (row: Row) => string): TextColumn<Row> => ({ title, align: 'left', value });
const right = <Row>(title: string, value: (row: Row) => string): TextColumn<Row> => ({ title, align: 'right', value });
const count = (value: number | null) => (value === null ? '-' : grouped(String(value)));
const section = (title: string, ...lines: readonly string[]) => [title, ...lines, ''];

function countLines({ counts }: RunResponse): string[] {
  if (counts === null) return [];
  const { loans, trades, placed, held, kicked_out } = counts;
  return section(
    'Loans',
    `  ${count(loans)} eligible loans, ${count(trades)} trades: ` +
      `${count(placed)} placed, ${count(held)} held, ${count(kicked_out)} kicked out.`,
  );
}

/** Dollars that are in no outcome, or in two; an honest run has none. */
export function unexplainedCents(sums: DollarsByOutcome): bigint {
  const parts = [sums.out_of_scope, sums.placed, sums.held, sums.kicked_out].map(centsOf);
  return centsOf(sums.pipeline) - parts.reduce((sum, part) => sum + part, 0n);
}

function dollarLines(sums: DollarsByOutcome): string[] {
  const rows = [
    { outcome: 'placed', amount: sums.placed },
    { outcome: 'held', amount: sums.held },
    { outcome: 'kicked out', amount: sums.kicked_out },
    { outcome: 'out of scope', amount: sums.out_of_scope },
    { outcome: 'pipeline', amount: sums.pipeline },
  ];
  const off = unexplainedCents(sums);
  return section(
    'Dollars by outcome',
    textTable(rows, [left('outcome', (row) => row.outcome), right('amount', (row) => dollars(row.amount))]),
    off === 0n
      ? '  The outcomes sum to the pipeline to the cent.'
      : `  WRONG: the outcomes miss the pipeline by ${off} cents.`,
  );
}

function kickoutLines(rows: SummaryReport['kickout_dollars_by_code']): string[] {
  return section(
    'Kicked out, by reason',
    textTable(rows, [
      left('code', (row) => row.code),
      right('loans', (row) => count(row.loans)),
      right('amount', (row) => dollars(row.amount)),
    ]),
  );
}

function fillLines(rows: RunResponse['fill_by_trade_type']): string[] {
  return section(
    'Fill by trade type',
    textTable(rows ?? [], [
      left('type', (row) => row.trade_type),
      right('trades', (row) => count(row.trades)),
      right('obligation', (row) => dollars(row.target)),
      right('filled', (row) => dollars(row.fill)),
      right('%', (row) => row.percent ?? '-'),
    ]),
  );
}

function certificateLines(certificate: RunCertificate | null): string[] {
  if (certificate === null) return [];
  const rows = [
    { name: 'objective', amount: certificate.objective },
    { name: 'upper bound', amount: certificate.upper_bound },
    { name: 'gap', amount: certificate.gap_usd },
    { name: 'plain greedy', amount: certificate.greedy_objective },
    { name: 'gain over greedy', amount: certificate.gain_over_greedy_usd },
  ];
  return section(
    'Certificate',
    textTable(rows, [left('value', (row) => row.name), right('amount', (row) => dollars(row.amount))]),
    `  The gap is ${certificate.gap_bp_of_upb} bp of the eligible balance; audit ${certificate.audit}, ` +
      `${count(certificate.moves)} moves, seed ${certificate.seed}, effort ${certificate.effort}.`,
  );
}

function suggestionLines(rows: SummaryReport['suggested_trades']): string[] {
  const shown = rows.slice(0, SUGGESTIONS_SHOWN);
  const more = rows.length - shown.length;
  if (rows.length === 0) return section('Suggested trades', '  none');
  return section(
    'Suggested trades',
    textTable(shown, [
      left('instrument', (row) => row.investor_instrument_name),
      right('coupon', (row) => row.coupon.replace(/0{1,4}$/, '')),
      left('month', (row) => row.settlement_month),
      right('amount', (row) => dollars(row.amount)),
      right('gain', (row) => dollars(row.gain_amount)),
      right('loans', (row) => count(row.loans)),
    ]),
    ...(more > 0 ? [`  and ${more} more`] : []),
  );
}

/** A finished run as text for a terminal. */
export function presentRun(run: RunResponse, summary: SummaryReport): string {
  const warnings = run.warnings.map(({ code, message }) => `  ${code}: ${message}`);
  return [
    ...section(`Run ${run.run_id}: ${run.status}`, `  as of ${summary.as_of_date}, attempt ${run.attempt}`),
    ...countLines(run),
    ...(run.dollars_by_outcome === null ? [] : dollarLines(run.dollars_by_outcome)),
    ...kickoutLines(summary.kickout_dollars_by_code),
    ...fillLines(run.fill_by_trade_type),
    ...certificateLines(run.certificate),
    ...suggestionLines(summary.suggested_trades),
    ...(warnings.length === 0 ? [] : section('Warnings', ...warnings)),
  ].join('\n');
}
