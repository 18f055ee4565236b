import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import {
  type Position,
  type ReportColumn,
  type ReportRun,
  ReportRunService,
  requestText,
  type RowReport,
  rowRequest,
  type RowRequest,
} from '@powerfill/core/reports';
import type { Request, Response } from 'express';
import { reportFormat } from '../http/accept';
import { answerWithin } from '../http/answer-bound';
import { decodeCursor, encodeCursor } from '../http/cursor';
import { answerFile, type ReportRows } from './report-file';
import type { PagedReportQuery, ReportQuery, RowsQuery } from './report.query';

const DEFAULT_LIMIT = 200;

/** A request for a report, and where its answer goes. */
export interface ReportCall<Q extends ReportQuery> {
  /** A run id or `latest`. */
  readonly id: string;
  readonly query: Q;
  readonly response: Response;
}

/** A report in its two shapes: the JSON document and the rows of a file. */
export interface ReportForms<R> {
  readonly name: string;
  readonly columns: readonly ReportColumn<R>[];
  readonly json: (run: ReportRun) => Promise<object>;
  readonly rows: (run: ReportRun) => ReportRows<R> | Promise<ReportRows<R>>;
  /** What besides the run decides what the report says, if anything does; its entity tag changes with it. */
  readonly basis?: () => Promise<object>;
}

/** Answers reports: freshness, form, entity tag, page. */
@Injectable()
export class ReportAnswers {
  /** @param answerMs longest wait for the database: for a document, and for each part of a file */
  constructor(
    private readonly runs: ReportRunService,
    private readonly answerMs: number,
  ) {}

  /** Answers a report in the form asked for. */
  async answer<R>({ id, query, response }: ReportCall<ReportQuery>, forms: ReportForms<R>): Promise<void> {
    const request = response.req;
    const format = reportFormat(request, query.format);
    const run = await answerWithin(this.answerMs, this.runs.resolve(id));
    response.vary('Accept');
    const basis = forms.basis === undefined ? null : await answerWithin(this.answerMs, forms.basis());
    response.setHeader('ETag', entityTag(run, request, format, forms.columns, basis));
    response.setHeader('Cache-Control', 'private, no-cache');
    if (request.fresh) {
      response.status(304).end();
      return;
    }
    if (format === 'json') {
      response.json({ freshness: run.freshness, ...(await answerWithin(this.answerMs, forms.json(run))) });
      return;
    }
    const rows = boundedRows(this.answerMs, await answerWithin(this.answerMs, Promise.resolve(forms.rows(run))));
    const confirm = (): Promise<void> => answerWithin(this.answerMs, this.runs.stillReadable(run));
    await answerFile(format, response, run, { name: forms.name, columns: forms.columns, rows, confirm });
  }

  /** Answers a report of rows, page by page as JSON; `extra` adds to the document. */
  async rows<R>(
    name: string,
    report: RowReport<R>,
    call: ReportCall<PagedReportQuery>,
    more: { readonly extra?: (run: ReportRun) => Promise<object>; readonly basis?: ReportForms<R>['basis'] } = {},
  ): Promise<void> {
    const selection = rowsOf(report.columns, call.query);
    await this.answer(call, {
      name,
      columns: report.columns,
      rows: (run) => report.chunks(run, selection),
      json: async (run) => ({
        ...(await more.extra?.(run)),
        ...(await page(name, report, run, call.query, selection)),
      }),
      ...(more.basis === undefined ? {} : { basis: more.basis }),
    });
  }
}

/** The same rows; waits for each part no longer than the bound. How long the reader takes between them does not count. */
async function* boundedRows<R>(ms: number, rows: ReportRows<R>): AsyncGenerator<readonly R[]> {
  const source = Symbol.asyncIterator in rows ? rows[Symbol.asyncIterator]() : rows[Symbol.iterator]();
  try {
    for (;;) {
      const next = await answerWithin(ms, Promise.resolve(source.next()));
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    await source.return?.();
  }
}

/** The rows a query asks for. @throws {RefusedError} `invalid_request` */
export const rowsOf = <R>(columns: readonly ReportColumn<R>[], { sort, filter }: RowsQuery): RowRequest =>
  rowRequest(columns, sort, filter ?? []);

/** A page whose cursor fits only this report of this run in this order. */
async function page<R>(
  name: string,
  report: RowReport<R>,
  run: ReportRun,
  { limit, cursor }: PagedReportQuery,
  selection: RowRequest,
): Promise<object> {
  const digest = createHash('sha256').update(requestText(selection)).digest('base64url').slice(0, 16);
  const list = `${name}:${run.row.run_id}:${digest}`;
  const after = cursor === undefined ? undefined : positionIn(decodeCursor(list, cursor));
  const { items, next } = await report.page(run, selection, limit ?? DEFAULT_LIMIT, after);
  return { items, next_cursor: next === null ? null : encodeCursor(list, next.map(partOf)) };
}

/** Cursors hold text only: `=` and the value, or `-` for none. */
const partOf = (value: string | null): string => (value === null ? '-' : `=${value}`);
const positionIn = (parts: readonly string[]): Position =>
  parts.map((part) => (part.startsWith('=') ? part.slice(1) : null));

/** Outputs of a run that has ended never change; what a reader is told of it does when a newer run completes. */
function entityTag<R>(
  { freshness }: ReportRun,
  request: Request,
  format: string,
  columns: readonly ReportColumn<R>[],
  basis: object | null,
): string {
  const told = JSON.stringify([freshness, format, request.originalUrl, columns.map(({ name }) => name), basis]);
  return `W/"${createHash('sha256').update(told).digest('base64url').slice(0, 27)}"`;
}
