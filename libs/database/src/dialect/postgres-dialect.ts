import type { DataSource, QueryRunner } from 'typeorm';
import { ApplicationLockTimeoutError } from '../errors';
import { columnTypeSql } from '../schema/column-types';
import type { Column } from '../schema/columns';
import type { TableDefinition } from '../schema/table';
import { type Bindable, id, joinSql, Param, quote, raw, sql, type Sql } from '../sql/sql';
import { columnOf, toDatabase } from '../values/convert';
import { BaseDialect } from './base-dialect';
import { copyPieces } from './copy-text';
import type { Executor, RowUpdate, WriteOptions } from './dialect';
import { jsonRows } from './json-rows';
import { copyIn } from './postgres-copy';
import { RowSupply } from './row-supply';
import { isPostgresConnectionLoss, isPostgresTransient, postgresUniqueViolation } from './postgres-errors';

/** Rows of one COPY: some seconds of work, far below the bound of a statement. */
const COPY_ROWS = 100_000;

const list = (names: readonly string[], prefix = ''): Sql => raw(names.map((name) => prefix + quote(name)).join(', '));

/** PostgreSQL: new rows travel by COPY, changes of rows as one JSON parameter read by `json_to_recordset`. */
export class PostgresDialect extends BaseDialect {
  readonly driver = 'postgres' as const;
  readonly now = raw("date_trunc('milliseconds', clock_timestamp())");

  protected placeholder(index: number): string {
    return `$${index + 1}`;
  }

  protected bind(value: Param | Bindable): unknown {
    return value instanceof Param ? toDatabase({ ...value.column, nullable: true }, value.value) : value;
  }

  protected selected(name: string): Sql {
    return id(name);
  }

  protected anyOf(name: string, column: Column, values: readonly unknown[]): Sql {
    const type = raw(columnTypeSql(column, this.driver));
    // One JSON array instead of one parameter a value; null never equals anything, as in IN.
    const json = JSON.stringify(values.map((value) => toDatabase(column, value)));
    return sql`${raw(name)} IN (SELECT x.v::${type} FROM json_array_elements_text(${json}::json) AS x(v))`;
  }

  protected async insertAll(
    runner: QueryRunner,
    table: TableDefinition,
    rows: Iterable<object>,
    common: object,
    { chunkRows = COPY_ROWS, signal }: WriteOptions,
  ): Promise<number> {
    const names = Object.keys(table.columns);
    const { text } = this.render(sql`COPY ${this.table(table)} (${list(names)}) FROM STDIN`);
    const supply = new RowSupply(rows);
    let before = 0;
    do {
      signal?.throwIfAborted();
      before = supply.taken;
      await copyIn(runner, text, copyPieces(table, names, supply.take(chunkRows), common), signal);
    } while (supply.taken === before + chunkRows);
    return supply.taken;
  }

  async refreshStatistics(on: Executor, table: TableDefinition): Promise<void> {
    await this.execute(on, sql`ANALYZE ${this.table(table)}`);
  }

  protected updateChunk<T extends TableDefinition>(
    runner: QueryRunner,
    table: T,
    update: RowUpdate<T>,
  ): Promise<number> {
    const assignments = update.set.map((name) => raw(`${quote(name)} = x.${quote(name)}`));
    const conditions = [
      ...update.key.map((name) => raw(`t.${quote(name)} = x.${quote(name)}`)),
      ...this.equalities(table, update.equals ?? {}, 't.'),
    ];
    const source = this.rowSet(table, [...update.key, ...update.set], update.rows);
    const statement = sql`UPDATE ${this.table(table)} AS t SET ${joinSql(assignments, ', ')} FROM ${source} WHERE ${joinSql(conditions, ' AND ')}`;
    return this.execute(runner, statement);
  }

  protected upsertChunk(runner: QueryRunner, table: TableDefinition, rows: readonly object[]): Promise<number> {
    const names = Object.keys(table.columns);
    const others = names.filter((name) => !table.primaryKey.includes(name));
    const action =
      others.length === 0
        ? raw('DO NOTHING')
        : sql`DO UPDATE SET ${raw(others.map((name) => `${quote(name)} = EXCLUDED.${quote(name)}`).join(', '))}`;
    const statement = sql`INSERT INTO ${this.table(table)} (${list(names)}) SELECT ${list(names)} FROM ${this.rowSet(table, names, rows)} ON CONFLICT (${list(table.primaryKey)}) ${action}`;
    return this.execute(runner, statement);
  }

  /** A server-side cursor, so that neither side holds all rows at once; in a transaction of its own if there is none. */
  protected async *streamRaw(runner: QueryRunner, statement: Sql, chunkRows: number) {
    const ownTransaction = !runner.isTransactionActive;
    if (ownTransaction) await runner.startTransaction();
    // Names must differ when two cursors are open in one transaction.
    const cursor = quote(`pf_cursor_${(this.cursors += 1)}`);
    try {
      const { text, parameters } = this.render(statement);
      await runner.query(`DECLARE ${cursor} NO SCROLL CURSOR FOR ${text}`, parameters);
      for (;;) {
        const rows = (await runner.query(`FETCH ${chunkRows} FROM ${cursor}`)) as Record<string, unknown>[];
        if (rows.length > 0) yield rows;
        if (rows.length < chunkRows) break;
      }
      await runner.query(`CLOSE ${cursor}`);
    } finally {
      // Reads only: ending the transaction closes a cursor that the consumer left early or an error interrupted.
      if (ownTransaction && !runner.isReleased) await runner.rollbackTransaction();
    }
  }
  private cursors = 0;

  plusMs(instant: Sql, ms: number | Sql): Sql {
    const amount = typeof ms === 'number' ? sql`${ms}::double precision` : sql`(${ms})`;
    return sql`(${instant} + ${amount} * interval '1 millisecond')`;
  }

  msBetween(from: Sql, to: Sql): Sql {
    return sql`CAST(round(extract(epoch FROM (${to}) - (${from})) * 1000) AS bigint)`;
  }

  uniqueViolation(error: unknown): { readonly index: string } | null {
    return postgresUniqueViolation(error);
  }

  isTransient(error: unknown): boolean {
    return isPostgresTransient(error);
  }

  isConnectionLoss(error: unknown): boolean {
    return isPostgresConnectionLoss(error);
  }

  async setLocalTimeouts(runner: QueryRunner, bounds: { lockMs?: number; idleMs?: number }): Promise<void> {
    const set = [
      ...(bounds.lockMs === undefined ? [] : [`set_config('lock_timeout', '${milliseconds(bounds.lockMs)}', true)`]),
      ...(bounds.idleMs === undefined
        ? []
        : [`set_config('idle_in_transaction_session_timeout', '${milliseconds(bounds.idleMs)}', true)`]),
    ];
    if (set.length > 0) await runner.query(`SELECT ${set.join(', ')}`);
  }

  async withSnapshot<R>(
    dataSource: DataSource,
    work: (runner: QueryRunner, isSnapshot: boolean) => Promise<R>,
  ): Promise<R> {
    const runner = dataSource.createQueryRunner();
    try {
      await runner.startTransaction('REPEATABLE READ');
      await runner.query('SET TRANSACTION READ ONLY');
      return await work(runner, true);
    } finally {
      await endReadOnly(runner);
    }
  }

  readsWithoutLocks(): Promise<boolean> {
    return Promise.resolve(true);
  }

  async withApplicationLock<R>(
    dataSource: DataSource,
    name: string,
    waitMs: number,
    work: () => Promise<R>,
  ): Promise<R> {
    const runner = dataSource.createQueryRunner();
    try {
      await runner.startTransaction();
      // The holder only waits while the work runs on other connections.
      await this.setLocalTimeouts(runner, { lockMs: waitMs, idleMs: 0 });
      try {
        await runner.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [name]);
      } catch (error) {
        if (isPostgresTransient(error) && !isPostgresConnectionLoss(error)) {
          throw new ApplicationLockTimeoutError(name, waitMs);
        }
        throw error;
      }
      return await work();
    } finally {
      await endReadOnly(runner);
    }
  }

  private rowSet(table: TableDefinition, names: readonly string[], rows: readonly object[]): Sql {
    const typed = names.map((name) => `${quote(name)} ${columnTypeSql(columnOf(table, name), this.driver)}`);
    return sql`json_to_recordset(${jsonRows(table, names, rows)}::json) AS x(${raw(typed.join(', '))})`;
  }
}

function milliseconds(value: number): string {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${value} is not a number of milliseconds`);
  return `${value}ms`;
}

/** Ends a transaction that changed nothing. TypeORM releases a runner whose connection broke: then there is nothing to end. */
async function endReadOnly(runner: QueryRunner): Promise<void> {
  try {
    if (runner.isTransactionActive && !runner.isReleased) await runner.rollbackTransaction();
  } finally {
    await runner.release();
  }
}
