import {
  columnOf,
  param,
  quote,
  raw,
  sql,
  type ColumnNames,
  type RowOf,
  type Selection,
  type TableDefinition,
} from '@powerfill/database';
import { tenantDatabase } from '@powerfill/tenancy';
import type { ReportRun } from './freshness';

const CHUNK_ROWS = 1_000;

/** Rows of one run in the order of a key, from after a position. */
export interface KeysetRead<T extends TableDefinition> {
  readonly table: T;
  /** Text column that is unique in the run. */
  readonly key: ColumnNames<T>;
  readonly columns: readonly ColumnNames<T>[];
  /** Value of the key in the last row seen. */
  readonly after?: string;
}

/** At most `limit` rows after the position, and the position of the next ones when there are more. */
export async function readPage<T extends TableDefinition>(
  rowKey: ReportRun['rowKey'],
  read: KeysetRead<T>,
  limit: number,
): Promise<{ readonly rows: RowOf<T>[]; readonly next: string | null }> {
  if (rowKey === null) return { rows: [], next: null };
  const rows = await readAfter(rowKey, read, read.after, limit + 1);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { rows: page, next: rows.length > limit && last !== undefined ? keyOf(last, read.key) : null };
}

/**
 * All rows in chunks. Each chunk is a query of its own, so that a slow reader holds neither a connection nor a
 * transaction; a Complete run's rows never change, and whether they are still there is asked at the end
 * (`ReportRunService.stillReadable`).
 */
export async function* readChunks<T extends TableDefinition>(
  rowKey: ReportRun['rowKey'],
  read: KeysetRead<T>,
): AsyncGenerator<RowOf<T>[]> {
  let after = read.after;
  while (rowKey !== null) {
    const rows = await readAfter(rowKey, read, after, CHUNK_ROWS);
    if (rows.length > 0) yield rows;
    const last = rows.at(-1);
    if (rows.length < CHUNK_ROWS || last === undefined) return;
    after = keyOf(last, read.key);
  }
}

const keyOf = (row: object, key: string): string => (row as Record<string, string>)[key] ?? '';

async function readAfter<T extends TableDefinition>(
  rowKey: NonNullable<ReportRun['rowKey']>,
  { table, key, columns }: KeysetRead<T>,
  after: string | undefined,
  limit: number,
): Promise<RowOf<T>[]> {
  const { dialect, dataSource } = tenantDatabase();
  return dialect.readRows(dataSource, table, {
    columns,
    where: rowKey as unknown as NonNullable<Selection<T>['where']>,
    ...(after === undefined ? {} : { and: sql`${raw(quote(key))} > ${param(columnOf(table, key), after)}` }),
    orderBy: [key],
    limit,
  });
}
