import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DataSource, QueryRunner } from 'typeorm';
import type { DriverName } from '../driver';
import { columnTypeSql } from '../schema/column-types';
import type { Column } from '../schema/columns';
import type { RowOf, TableDefinition } from '../schema/table';
import { type Bindable, firstRows, joinSql, Param, param, quote, raw, renderSql, sql, type Sql } from '../sql/sql';
import { columnOf, rowReader } from '../values/convert';
import type { ColumnNames, Dialect, Executor, InsertOptions, RowUpdate, Selection, WriteOptions } from './dialect';
import { chunksOf, defaultChunkRows } from './json-rows';

/** Schemas of a tenant's tables. */
export interface DialectSchemas {
  readonly schema: string;
  readonly upstreamSchema?: string;
}

const STREAM_CHUNK_ROWS = 2_000;

/** A query runner of its own for work on a DataSource; a runner that is given is used and left open. */
async function withRunner<R>(on: Executor, work: (runner: QueryRunner) => Promise<R>): Promise<R> {
  if (!('createQueryRunner' in on)) return work(on);
  const runner = on.createQueryRunner();
  try {
    return await work(runner);
  } finally {
    await runner.release();
  }
}

/** What the two databases share. */
export abstract class BaseDialect implements Dialect {
  abstract readonly driver: DriverName;
  abstract readonly now: Sql;

  constructor(private readonly schemas: DialectSchemas) {}

  protected abstract placeholder(index: number): string;
  protected abstract bind(value: Param | Bindable): unknown;
  /** Expression that selects a column so that no driver conversion loses anything. */
  protected abstract selected(name: string, column: Column): Sql;
  protected abstract anyOf(name: string, column: Column, values: readonly unknown[]): Sql;
  /** Inserts the rows of one call; `common` holds the columns that are the same in all of them. */
  protected abstract insertAll(
    runner: QueryRunner,
    table: TableDefinition,
    rows: Iterable<object>,
    common: object,
    options: WriteOptions,
  ): Promise<number>;
  /** Changes the rows of one chunk; answers how many were found. */
  protected abstract updateChunk<T extends TableDefinition>(
    runner: QueryRunner,
    table: T,
    update: RowUpdate<T>,
  ): Promise<number>;
  /** Inserts rows or replaces those with the same primary key; answers how many changed. */
  protected abstract upsertChunk(runner: QueryRunner, table: TableDefinition, rows: readonly object[]): Promise<number>;
  protected abstract streamRaw(
    runner: QueryRunner,
    statement: Sql,
    chunkRows: number,
  ): AsyncIterable<Record<string, unknown>[]>;

  abstract plusMs(instant: Sql, ms: number | Sql): Sql;
  abstract msBetween(from: Sql, to: Sql): Sql;
  abstract uniqueViolation(error: unknown): { readonly index: string } | null;
  abstract isTransient(error: unknown): boolean;
  abstract isConnectionLoss(error: unknown): boolean;
  abstract setLocalTimeouts(runner: QueryRunner, bounds: { lockMs?: number; idleMs?: number }): Promise<void>;
  abstract withSnapshot<R>(
    dataSource: DataSource,
    work: (runner: QueryRunner, isSnapshot: boolean) => Promise<R>,
  ): Promise<R>;
  abstract refreshStatistics(on: Executor, table: TableDefinition): Promise<void>;
  abstract readsWithoutLocks(on: Executor): Promise<boolean>;
  abstract withApplicationLock<R>(
    dataSource: DataSource,
    name: string,
    waitMs: number,
    work: () => Promise<R>,
  ): Promise<R>;

  table(table: TableDefinition): Sql {
    return raw(`${quote(this.schemaOf(table))}.${quote(table.name)}`);
  }

  /** Schema of a table in this tenant's database. */
  protected schemaOf(table: TableDefinition): string {
    const { schema, upstreamSchema } = this.schemas;
    return table.group === 'upstream' ? (upstreamSchema ?? schema) : schema;
  }

  /** Text and parameters of a statement as this driver gets them. */
  render(statement: Sql) {
    return renderSql(
      statement,
      (index) => this.placeholder(index),
      (value) => this.bind(value),
    );
  }

  async query<R = Record<string, unknown>>(on: Executor, statement: Sql): Promise<R[]> {
    const { text, parameters } = this.render(statement);
    return withRunner(on, async (runner) => {
      const result = await runner.query(text, parameters, true);
      return (result.records as R[] | undefined) ?? [];
    });
  }

  async execute(on: Executor, statement: Sql): Promise<number> {
    const { text, parameters } = this.render(statement);
    return withRunner(on, async (runner) => (await runner.query(text, parameters, true)).affected ?? 0);
  }

  async insertRows<T extends TableDefinition, K extends ColumnNames<T> = never>(
    on: Executor,
    table: T,
    rows: Iterable<Omit<RowOf<T>, K>>,
    { common, ...options }: InsertOptions<T, K> = {},
  ): Promise<number> {
    return withRunner(on, (runner) => this.insertAll(runner, table, rows, common ?? {}, options));
  }

  async updateRows<T extends TableDefinition>(
    on: Executor,
    table: T,
    update: RowUpdate<T>,
    options: WriteOptions = {},
  ): Promise<number> {
    return this.inChunks(on, update.rows, update.key.length + update.set.length, options, (runner, chunk) =>
      this.updateChunk(runner, table, { ...update, rows: chunk }),
    );
  }

  async upsertRows<T extends TableDefinition>(
    on: Executor,
    table: T,
    rows: readonly RowOf<T>[],
    options: WriteOptions = {},
  ): Promise<number> {
    return this.inChunks(on, rows, Object.keys(table.columns).length, options, (runner, chunk) =>
      this.upsertChunk(runner, table, chunk as readonly object[]),
    );
  }

  async *streamRows<T extends TableDefinition>(
    on: Executor,
    table: T,
    selection: Selection<T> = {},
  ): AsyncIterable<RowOf<T>[]> {
    const read = rowReader(table, selection.columns);
    const statement = this.selectStatement(table, selection);
    const runner = 'createQueryRunner' in on ? on.createQueryRunner() : on;
    try {
      for await (const chunk of this.streamRaw(runner, statement, selection.chunkRows ?? STREAM_CHUNK_ROWS)) {
        selection.signal?.throwIfAborted();
        yield chunk.map(read);
        await nextTurn();
      }
    } finally {
      if (runner !== on) await runner.release();
    }
  }

  async readRows<T extends TableDefinition>(on: Executor, table: T, selection: Selection<T> = {}): Promise<RowOf<T>[]> {
    if (selection.limit !== undefined && selection.limit <= STREAM_CHUNK_ROWS) {
      const rows = await this.query(on, this.selectStatement(table, selection));
      return rows.map(rowReader(table, selection.columns));
    }
    const all: RowOf<T>[] = [];
    for await (const chunk of this.streamRows(on, table, selection)) for (const row of chunk) all.push(row);
    return all;
  }

  /** The SELECT of a selection. */
  selectStatement<T extends TableDefinition>(table: T, selection: Selection<T>): Sql {
    const columns = selection.columns ?? Object.keys(table.columns);
    const absent = new Set<string>(selection.absent);
    const list = joinSql(
      columns.map((name) =>
        absent.has(name) ? this.nothing(table, name) : this.selected(name, columnOf(table, name)),
      ),
      ', ',
    );
    const conditions = [
      ...this.equalities(table, selection.where ?? {}),
      ...(selection.and === undefined ? [] : [sql`(${selection.and})`]),
    ];
    const where = conditions.length === 0 ? raw('') : sql` WHERE ${joinSql(conditions, ' AND ')}`;
    // By the column of the table: a bare name would be the selected text of a decimal, and sort 99.50 behind 101.25.
    const sorted = (column: string): Sql => raw(`${quote(table.name)}.${quote(column)}`);
    // SQL Server accepts a limit only on a sorted query.
    const order = (selection.orderBy ?? (selection.limit === undefined ? [] : table.primaryKey)).map((entry) => {
      if (typeof entry === 'string') return sorted(entry);
      const column = sql`${sorted(entry.column)}${raw(entry.descending ? ' DESC' : '')}`;
      return entry.nullsLast === true
        ? sql`CASE WHEN ${sorted(entry.column)} IS NULL THEN 1 ELSE 0 END, ${column}`
        : column;
    });
    const orderBy = order.length === 0 ? raw('') : sql` ORDER BY ${joinSql(order, ', ')}`;
    const limit = selection.limit === undefined ? raw('') : sql` ${firstRows(selection.limit)}`;
    return sql`SELECT ${list} FROM ${selection.from ?? this.table(table)}${where}${orderBy}${limit}`;
  }

  /** Null in place of a column that the table does not have. */
  private nothing(table: TableDefinition, name: string): Sql {
    return raw(`CAST(NULL AS ${columnTypeSql(columnOf(table, name), this.driver)}) AS ${quote(name)}`);
  }

  protected equalities(table: TableDefinition, where: Record<string, unknown>, prefix = ''): Sql[] {
    return Object.entries(where)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => {
        const column = columnOf(table, name);
        const left = raw(`${prefix}${quote(name)}`);
        if (value === null) return sql`${left} IS NULL`;
        if (Array.isArray(value)) return this.anyOf(`${prefix}${quote(name)}`, column, value);
        return sql`${left} = ${param(column, value)}`;
      });
  }

  protected async inChunks<R>(
    on: Executor,
    rows: Iterable<R>,
    columns: number,
    options: WriteOptions,
    write: (runner: QueryRunner, chunk: readonly R[]) => Promise<number>,
  ): Promise<number> {
    return withRunner(on, async (runner) => {
      let affected = 0;
      const chunkRows = options.chunkRows ?? defaultChunkRows(columns);
      for (const chunk of chunksOf(rows, { ...options, chunkRows })) {
        affected += await write(runner, chunk);
        await nextTurn();
      }
      return affected;
    });
  }
}
