import type { ColumnNames, RowOf, TableDefinition } from '@powerfill/database';
import type { ReportRun } from './freshness';
import { readChunks, readPage } from './keyset-rows';
import { jsonRow, tableColumns, type ReportColumn, type WireValue } from './report-column';

/** A report that is a list of one table's rows, one a loan: paged as JSON, streamed as CSV. */
export class ListedReport<T extends TableDefinition> {
  readonly columns: readonly ReportColumn<RowOf<T>>[];

  constructor(
    private readonly table: T,
    private readonly key: ColumnNames<T>,
    private readonly names: readonly ColumnNames<T>[],
  ) {
    this.columns = tableColumns(table, names);
  }

  /** A page of JSON rows in the order of the key, and the key to go on after. */
  async page(
    run: ReportRun,
    limit: number,
    after?: string,
  ): Promise<{ readonly items: Record<string, WireValue>[]; readonly next: string | null }> {
    const { rows, next } = await readPage(run.rowKey, this.read(after), limit);
    return { items: rows.map((row) => jsonRow(this.columns, row)), next };
  }

  /** All rows, in chunks. */
  chunks(run: ReportRun): AsyncIterable<RowOf<T>[]> {
    return readChunks(run.rowKey, this.read());
  }

  private read(after?: string) {
    return { table: this.table, key: this.key, columns: this.names, ...(after === undefined ? {} : { after }) };
  }
}
