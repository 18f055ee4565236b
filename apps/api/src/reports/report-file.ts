import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { csvHeader, csvLine, type ReportColumn, type ReportRun, xlsxFile } from '@powerfill/core/reports';
import type { Response } from 'express';
import { REPORT_TYPES } from '../http/accept';

/** Rows of a report, some at a time. */
export type ReportRows<R> = AsyncIterable<readonly R[]> | Iterable<readonly R[]>;

/** A report as a file. */
export interface ReportFile<R> {
  /** `guide`, `recap`, ...; part of the file's name. */
  readonly name: string;
  readonly columns: readonly ReportColumn<R>[];
  readonly rows: ReportRows<R>;
  /** Asked after the last row; what it throws breaks the connection, so that nobody takes a part for the whole. */
  readonly confirm: () => Promise<void>;
}

async function* csvText<R>({ columns, rows, confirm }: ReportFile<R>): AsyncGenerator<string> {
  yield csvHeader(columns);
  for await (const some of rows) yield some.map((row) => csvLine(columns, row)).join('');
  await confirm();
}

async function* confirmed<R>({ rows, confirm }: ReportFile<R>): AsyncGenerator<readonly R[]> {
  yield* rows;
  await confirm();
}

/** Streams a report with constant memory; the caller's pace sets the pace of reading. */
export async function answerFile<R>(
  format: 'csv' | 'xlsx',
  response: Response,
  { freshness }: ReportRun,
  file: ReportFile<R>,
): Promise<void> {
  const type = format === 'csv' ? `${REPORT_TYPES.csv}; charset=utf-8; header=present` : REPORT_TYPES.xlsx;
  response.setHeader('Content-Type', type);
  response.setHeader('Content-Disposition', `attachment; filename="${file.name}-${freshness.run_id}.${format}"`);
  response.setHeader('X-Freshness', freshness.verdict);
  response.setHeader('X-Run-Id', freshness.run_id);
  const content =
    format === 'csv'
      ? Readable.from(csvText(file), { objectMode: false })
      : xlsxFile({ sheet: file.name, columns: file.columns, rows: confirmed(file) });
  await pipeline(content, response);
}
