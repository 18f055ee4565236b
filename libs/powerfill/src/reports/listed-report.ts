import type { ColumnNames, RowOf, Selection, Sql, TableDefinition } from '@powerfill/database';
import type { ReportRun } from './freshness';
import { readChunks, readPage, type Position } from './keyset-rows';
import { jsonRow, tableColumns, type ReportColumn, type WireValue } from './report-column';
import { ALL_ROWS, type RowRequest } from './row-request';

/** Some rows of a report and where the next ones begin. */
export interface ReportPage {
  readonly items: Record<string, WireValue>[];
  readonly next: Position | null;
}

/** A report of rows that are read or worked out: paged as JSON, streamed as CSV or XLSX. */
export interface RowReport<R> {
  readonly columns: readonly ReportColumn<R>[];
  page(run: ReportRun, request: RowRequest, limit: number, after?: Position): Promise<ReportPage>;
  chunks(run: ReportRun, request: RowRequest): AsyncIterable<readonly R[]>;
}

/** Where the rows of a {@link ListedReport} come from. */
export interface ListedSource<T extends TableDefinition> {
  readonly table: T;
  /** Columns that are unique in the run, in the report's own order. */
  readonly key: readonly ColumnNames<T>[];
  readonly names: readonly ColumnNames<T>[];
  readonly where?: Selection<T>['where'];
  /** A query in place of the table, for rows joined or summed up by the database; `table` declares its columns. */
  readonly from?: (rowKey: NonNullable<ReportRun['rowKey']>) => Sql;
}

/** A report whose rows the database lists. */
export class ListedReport<T extends TableDefinition> implements RowReport<RowOf<T>> {
  readonly columns: readonly ReportColumn<RowOf<T>>[];

  constructor(private readonly source: ListedSource<T>) {
    this.columns = tableColumns(source.table, source.names);
  }

  /** A page of JSON rows, and the position to go on after. */
  async page(run: ReportRun, request: RowRequest, limit: number, after?: Position): Promise<ReportPage> {
    const { rows, next } = await readPage(run.rowKey, this.read(run, request, after), limit);
    return { items: rows.map((row) => jsonRow(this.columns, row)), next };
  }

  /** All rows, in chunks. */
  chunks(run: ReportRun, request: RowRequest = ALL_ROWS): AsyncIterable<RowOf<T>[]> {
    return readChunks(run.rowKey, this.read(run, request));
  }

  /** The rows of a run as a piece of SQL; for reports that are queries. */
  rowsFrom(rowKey: NonNullable<ReportRun['rowKey']>): Sql {
    if (this.source.from === undefined) throw new TypeError('The report reads a table');
    return this.source.from(rowKey);
  }

  private read({ rowKey }: ReportRun, request: RowRequest, after?: Position) {
    const { table, key, names, where, from } = this.source;
    return {
      table,
      key,
      columns: names,
      request,
      ...(where === undefined ? {} : { where }),
      ...(from === undefined || rowKey === null ? {} : { from: from(rowKey) }),
      ...(after === undefined ? {} : { after }),
    };
  }
}
