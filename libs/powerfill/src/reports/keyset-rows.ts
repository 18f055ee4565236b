import {
  columnOf,
  joinSql,
  param,
  quote,
  raw,
  sql,
  type Column,
  type ColumnNames,
  type OrderBy,
  type RowOf,
  type Selection,
  type Sql,
  type TableDefinition,
} from '@powerfill/database';
import { tenantDatabase } from '@powerfill/tenancy';
import { unknownCursor } from '../domain/errors';
import type { ReportRun } from './freshness';
import type { Comparable, FilterOperator, RowFilter, RowRequest } from './row-request';

const CHUNK_ROWS = 500;

/** Rows of one run in an order that ends with a unique key, from after a position. */
export interface KeysetRead<T extends TableDefinition> {
  readonly table: T;
  /** Rows instead of the table's; see `Selection.from`. It must limit itself to the run. */
  readonly from?: Sql;
  /** Conditions on the rows of the report, on top of the run's. */
  readonly where?: Selection<T>['where'];
  /** Columns that are never null and together unique in the run. */
  readonly key: readonly ColumnNames<T>[];
  readonly columns: readonly ColumnNames<T>[];
  readonly request: RowRequest;
  /** {@link positionOf} of the last row seen. */
  readonly after?: Position;
}

/** Values of the sort columns and the key in a row, as text; null = no value. */
export type Position = readonly (string | null)[];

type RowKey = NonNullable<ReportRun['rowKey']>;

/** At most `limit` rows after the position, and the position of the next ones when there are more. */
export async function readPage<T extends TableDefinition>(
  rowKey: ReportRun['rowKey'],
  read: KeysetRead<T>,
  limit: number,
): Promise<{ readonly rows: RowOf<T>[]; readonly next: Position | null }> {
  if (rowKey === null) return { rows: [], next: null };
  const rows = await readAfter(rowKey, read, read.after, limit + 1);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { rows: page, next: rows.length > limit && last !== undefined ? positionOf(read, last) : null };
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
    after = positionOf(read, last);
  }
}

/** Sort columns first, then what is left of the key. */
function orderOf<T extends TableDefinition>({ table, key, request }: KeysetRead<T>): OrderBy<T>[] {
  const sorted = request.order.map(({ column, descending }) => ({
    column: column,
    descending,
    nullsLast: columnOf(table, column).nullable,
  }));
  const rest = key.filter((name) => !request.order.some(({ column }) => column === name));
  return [...sorted, ...rest.map((column) => ({ column, descending: false }))];
}

function positionOf<T extends TableDefinition>(read: KeysetRead<T>, row: RowOf<T>): Position {
  const values = row as Record<string, Comparable | Date | null>;
  return orderOf(read).map(({ column }) => {
    const value = values[column] ?? null;
    return value instanceof Date ? value.toISOString() : value === null ? null : String(value);
  });
}

async function readAfter<T extends TableDefinition>(
  rowKey: RowKey,
  read: KeysetRead<T>,
  after: Position | undefined,
  limit: number,
): Promise<RowOf<T>[]> {
  const { dialect, dataSource } = tenantDatabase();
  const { table, columns, from, where, request } = read;
  const order = orderOf(read);
  const conditions = [
    ...request.filters.map((filter) => filterSql(table, filter)),
    ...(after === undefined ? [] : [afterSql(table, order, after)]),
  ];
  return dialect.readRows(dataSource, table, {
    columns: [...new Set([...columns, ...order.map(({ column }) => column)])],
    ...(from === undefined ? {} : { from }),
    where: { ...(from === undefined ? rowKey : {}), ...where } as NonNullable<Selection<T>['where']>,
    ...(conditions.length === 0 ? {} : { and: joinSql(conditions, ' AND ') }),
    orderBy: order,
    limit,
  });
}

const name = (column: string): Sql => raw(quote(column));

/** Rows behind a position: larger in the first column, or equal there and behind it in the others. */
function afterSql<T extends TableDefinition>(table: T, order: readonly OrderBy<T>[], after: Position): Sql {
  const [first, ...rest] = order;
  const [text = null, ...others] = after;
  if (first === undefined) return sql`1 = 0`;
  const column = columnOf(table, first.column);
  const value = text === null ? null : fromText(column, text);
  const at = name(first.column);
  const behind = behindSql(column, first, value);
  if (rest.length === 0) return behind;
  const equal = value === null ? sql`${at} IS NULL` : sql`${at} = ${param(column, value)}`;
  const either = sql`(${behind} OR (${equal} AND ${afterSql(table, rest, others)}))`;
  // Says again what follows anyway, in a form by which an index is entered at the position.
  if (value === null || column.nullable || first.descending) return either;
  return sql`${at} >= ${param(column, value)} AND ${either}`;
}

function behindSql<T extends TableDefinition>(column: Column, order: OrderBy<T>, value: Comparable | Date | null): Sql {
  if (value === null) return sql`1 = 0`;
  const at = name(order.column);
  const behind = sql`${at} ${raw(order.descending ? '<' : '>')} ${param(column, value)}`;
  return column.nullable ? sql`(${behind} OR ${at} IS NULL)` : behind;
}

function fromText(column: Column, text: string): Comparable | Date {
  const value = readText(column, text);
  const isBad = (typeof value === 'number' && !Number.isSafeInteger(value)) || (value instanceof Date && isNaN(+value));
  if (isBad) throw unknownCursor();
  return value;
}

function readText({ kind }: Column, text: string): Comparable | Date {
  if (kind === 'decimal' || kind === 'int') return Number(text);
  if (kind === 'boolean') return text === 'true';
  return kind === 'timestamp' ? new Date(text) : text;
}

const COMPARISONS: Readonly<Partial<Record<FilterOperator, string>>> = {
  eq: '=',
  ne: '<>',
  lt: '<',
  lte: '<=',
  gt: '>',
  gte: '>=',
};

function filterSql(table: TableDefinition, { column, operator, values }: RowFilter): Sql {
  const definition = columnOf(table, column);
  const at = name(column);
  if (operator === 'null') return sql`${at} IS NULL`;
  if (operator === 'notnull') return sql`${at} IS NOT NULL`;
  const bound = values.map((value) => sql`${param(definition, value)}`);
  if (operator === 'in') return sql`${at} IN (${joinSql(bound, ', ')})`;
  const comparison = sql`${at} ${raw(COMPARISONS[operator] ?? '=')} ${joinSql(bound, ', ')}`;
  return operator === 'ne' ? sql`(${comparison} OR ${at} IS NULL)` : comparison;
}
