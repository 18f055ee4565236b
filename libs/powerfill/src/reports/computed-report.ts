import type { ReportRun } from './freshness';
import type { Position } from './keyset-rows';
import type { ReportPage, RowReport } from './listed-report';
import { jsonRow, type ReportColumn } from './report-column';
import type { RowRequest } from './row-request';
import { selectedRows } from './selected-rows';

const CHUNK_ROWS = 200;

/** What a {@link ComputedReport} is made of. */
export interface ComputedSource<R> {
  readonly columns: readonly ReportColumn<R>[];
  /** The rows of a run in the report's own order; as many as a book has trades or pools. */
  readonly rows: (run: ReportRun) => Promise<readonly R[]>;
  /** Unique in the run. */
  readonly key: (row: R) => string;
}

/** A report whose rows are worked out in memory. */
export class ComputedReport<R> implements RowReport<R> {
  readonly columns: readonly ReportColumn<R>[];

  constructor(private readonly source: ComputedSource<R>) {
    this.columns = source.columns;
  }

  async page(run: ReportRun, request: RowRequest, limit: number, after?: Position): Promise<ReportPage> {
    const rows = await this.selected(run, request);
    const start = after === undefined ? 0 : rows.findIndex((row) => this.source.key(row) === after[0]) + 1;
    const page = rows.slice(start, start + limit);
    const last = page.at(-1);
    const isMore = last !== undefined && start + limit < rows.length;
    return {
      items: page.map((row) => jsonRow(this.columns, row)),
      next: isMore ? [this.source.key(last)] : null,
    };
  }

  async *chunks(run: ReportRun, request: RowRequest): AsyncGenerator<readonly R[]> {
    const rows = await this.selected(run, request);
    for (let from = 0; from < rows.length; from += CHUNK_ROWS) {
      yield rows.slice(from, from + CHUNK_ROWS);
    }
  }

  private async selected(run: ReportRun, request: RowRequest): Promise<readonly R[]> {
    return selectedRows(this.columns, await this.source.rows(run), request);
  }
}
