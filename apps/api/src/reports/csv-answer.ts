import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { csvHeader, csvLine, type ReportColumn, type ReportRun } from '@powerfill/core/reports';
import type { Response } from 'express';

/** A report as CSV. */
export interface CsvReport<R> {
  /** `guide`, `recap`, ...; part of the file's name. */
  readonly name: string;
  readonly columns: readonly ReportColumn<R>[];
  readonly chunks: AsyncIterable<readonly R[]> | Iterable<readonly R[]>;
  /** Asked after the last row; what it throws breaks the connection, so that nobody takes a part for the whole. */
  readonly confirm: () => Promise<void>;
}

async function* csvText<R>({ columns, chunks, confirm }: CsvReport<R>): AsyncGenerator<string> {
  yield csvHeader(columns);
  for await (const rows of chunks) yield rows.map((row) => csvLine(columns, row)).join('');
  await confirm();
}

/** Streams a report with constant memory; the caller's pace sets the pace of reading. */
export async function answerCsv<R>(response: Response, { freshness }: ReportRun, report: CsvReport<R>): Promise<void> {
  response.setHeader('Content-Type', 'text/csv; charset=utf-8; header=present');
  response.setHeader('Content-Disposition', `attachment; filename="${report.name}-${freshness.run_id}.csv"`);
  response.setHeader('X-Freshness', freshness.verdict);
  response.setHeader('X-Run-Id', freshness.run_id);
  response.vary('Accept');
  await pipeline(Readable.from(csvText(report), { objectMode: false }), response);
}
