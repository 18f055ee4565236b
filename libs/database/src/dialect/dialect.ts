import type { DataSource, QueryRunner } from 'typeorm';
import type { DriverName } from '../driver';
import type { RowOf, TableDefinition } from '../schema/table';
import type { Sql } from '../sql/sql';

/** Where a statement runs: a query runner (inside its transaction) or any connection of the pool. */
export type Executor = DataSource | QueryRunner;

/** Column names of a table. */
export type ColumnNames<T extends TableDefinition> = keyof T['columns'] & string;

/** Options of a bulk write. */
export interface WriteOptions {
  /** Rows per statement; what the database takes well, unless said. */
  readonly chunkRows?: number;
  /** Looked at between two statements at least; its reason is thrown. */
  readonly signal?: AbortSignal;
}

/** Options of an insert; `K` = columns that are the same in every row. */
export interface InsertOptions<T extends TableDefinition, K extends ColumnNames<T> = never> extends WriteOptions {
  /** Columns that are the same in every row, such as run and attempt; the rows do not hold them. */
  readonly common?: Pick<RowOf<T>, K>;
}

/** A set-based change of existing rows: `set` columns of the rows with the same `key` columns. */
export interface RowUpdate<T extends TableDefinition> {
  readonly key: readonly ColumnNames<T>[];
  readonly set: readonly ColumnNames<T>[];
  /** Each row holds at least the key and set columns. */
  readonly rows: readonly Partial<RowOf<T>>[];
  /** Further conditions, the same for all rows, such as run and attempt. */
  readonly equals?: Partial<RowOf<T>>;
}

/** One column of a sort order. */
export interface OrderBy<T extends TableDefinition> {
  readonly column: ColumnNames<T>;
  readonly descending: boolean;
  /** Rows without a value come last, whatever the direction; else each database has its own way. */
  readonly nullsLast?: boolean;
}

/** What to read of a table. */
export interface Selection<T extends TableDefinition> {
  /** Columns to read; all unless said. The others are absent from the rows. */
  readonly columns?: readonly ColumnNames<T>[];
  /** Nullable columns that the database's table does not have: read as null. */
  readonly absent?: readonly ColumnNames<T>[];
  /** Equalities; null means IS NULL, an array means any of. */
  readonly where?: { readonly [K in keyof RowOf<T>]?: RowOf<T>[K] | readonly RowOf<T>[K][] };
  /** Further condition, joined with AND. */
  readonly and?: Sql;
  /** Rows to read instead of the table's: a query in brackets under the table's name, with columns of its names and types. */
  readonly from?: Sql;
  /** Sorted by code units for text on tables we created. */
  readonly orderBy?: readonly (ColumnNames<T> | OrderBy<T>)[];
  readonly limit?: number;
  /** Rows per chunk while streaming; 2,000 unless said. */
  readonly chunkRows?: number;
  readonly signal?: AbortSignal;
}

/** Everything that must differ between PostgreSQL and SQL Server. One instance per tenant, since it knows the schemas. */
export interface Dialect {
  readonly driver: DriverName;

  /** A table's quoted and schema-qualified name, for hand-written SQL. */
  table(table: TableDefinition): Sql;

  /** Rows of a hand-written statement, values in the driver's form (convert with `rowReader`). */
  query<R = Record<string, unknown>>(on: Executor, statement: Sql): Promise<R[]>;
  /** Runs a hand-written statement; answers the number of rows it changed. */
  execute(on: Executor, statement: Sql): Promise<number>;

  /**
   * Inserts rows in chunks; answers how many. Not atomic outside a transaction. The rows are asked for as they are
   * written and not kept, so they may be made on the way.
   */
  insertRows<T extends TableDefinition, K extends ColumnNames<T> = never>(
    on: Executor,
    table: T,
    rows: Iterable<Omit<RowOf<T>, K>>,
    options?: InsertOptions<T, K>,
  ): Promise<number>;
  /** Updates rows in chunks; answers how many were found. */
  updateRows<T extends TableDefinition>(
    on: Executor,
    table: T,
    update: RowUpdate<T>,
    options?: WriteOptions,
  ): Promise<number>;
  /** Inserts, or replaces what has the same primary key; the rows of one call must have different keys. */
  upsertRows<T extends TableDefinition>(
    on: Executor,
    table: T,
    rows: readonly RowOf<T>[],
    options?: WriteOptions,
  ): Promise<number>;

  /**
   * Tells the planner how a table stands after many rows were written, where the database would find out some minutes
   * later: until then it takes the new rows for few and may join them row by row.
   */
  refreshStatistics(on: Executor, table: TableDefinition): Promise<void>;

  /** Reads typed rows chunk by chunk; the event loop breathes between chunks. */
  streamRows<T extends TableDefinition>(on: Executor, table: T, selection?: Selection<T>): AsyncIterable<RowOf<T>[]>;
  /** Reads all typed rows. */
  readRows<T extends TableDefinition>(on: Executor, table: T, selection?: Selection<T>): Promise<RowOf<T>[]>;

  /** The database's clock, UTC, whole milliseconds. */
  readonly now: Sql;
  /** `instant` plus `ms` (may be negative, a number or SQL of an integer). */
  plusMs(instant: Sql, ms: number | Sql): Sql;
  /** Milliseconds from one instant to another, as an integer. */
  msBetween(from: Sql, to: Sql): Sql;

  /** The index or constraint that a unique violation names, or null for any other error. */
  uniqueViolation(error: unknown): { readonly index: string } | null;
  /** Whether the same work may succeed when tried again: deadlock, serialization, lock timeout, lost connection. */
  isTransient(error: unknown): boolean;
  /** Whether the connection itself failed, so that the outcome of a COMMIT is not known. */
  isConnectionLoss(error: unknown): boolean;

  /** Bounds the transaction's lock waits, 2 s unless said, and, on PostgreSQL, its idle time; call it right after the start. */
  setLocalTimeouts(runner: QueryRunner, bounds: { lockMs?: number; idleMs?: number }): Promise<void>;
  /**
   * Runs reads in one read-only transaction that sees one state of the data. `isSnapshot` is false where SQL Server's
   * snapshot isolation is off: then the reads are serializable, with bounded lock waits (warning `input_not_snapshot`).
   */
  withSnapshot<R>(dataSource: DataSource, work: (runner: QueryRunner, isSnapshot: boolean) => Promise<R>): Promise<R>;
  /** Whether statements outside a snapshot read without waiting for writers; a setting of the database on SQL Server. */
  readsWithoutLocks(on: Executor): Promise<boolean>;
  /** Runs work while this process alone holds the lock of that name in the database. */
  withApplicationLock<R>(dataSource: DataSource, name: string, waitMs: number, work: () => Promise<R>): Promise<R>;
}
