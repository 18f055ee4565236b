import type { DataSource, QueryRunner } from 'typeorm';
import { ApplicationLockTimeoutError } from '../errors';
import { BINARY_COLLATION, columnTypeSql, isCollated } from '../schema/column-types';
import type { Column } from '../schema/columns';
import type { TableDefinition } from '../schema/table';
import { type Bindable, joinSql, Param, quote, raw, sql, type Sql } from '../sql/sql';
import { columnOf, toDatabase } from '../values/convert';
import { BaseDialect } from './base-dialect';
import type { RowUpdate, WriteOptions } from './dialect';
import { hasBlob, jsonRows } from './json-rows';
import { bindColumn, bindPlain } from './sql-server-parameters';
import { runBatch } from './sql-server-batch';
import { isSqlServerConnectionLoss, isSqlServerTransient, sqlServerUniqueViolation } from './sql-server-errors';

const COLLATE = `COLLATE ${BINARY_COLLATION.mssql}`;
const LOCK_WAIT_MS = 2_000;
const MAX_INT = 2_147_483_647;

const list = (names: readonly string[], prefix = ''): Sql => raw(names.map((name) => prefix + quote(name)).join(', '));

/** SQL Server 2016 or later: bulk rows travel as one nvarchar(max) parameter read by OPENJSON. */
export class SqlServerDialect extends BaseDialect {
  readonly driver = 'mssql' as const;
  readonly now = raw('CAST(SYSUTCDATETIME() AS datetime2(3))');

  protected placeholder(index: number): string {
    return `@${index}`;
  }

  protected bind(value: Param | Bindable): unknown {
    return value instanceof Param ? bindColumn(value.column, value.value) : bindPlain(value);
  }

  /** Decimals and dates as text: the driver would make doubles and midnights of them. */
  protected selected(name: string, column: Column): Sql {
    if (column.kind === 'decimal') return raw(`CONVERT(varchar(40), ${quote(name)}) AS ${quote(name)}`);
    if (column.kind === 'date') return raw(`CONVERT(char(10), ${quote(name)}, 23) AS ${quote(name)}`);
    return raw(quote(name));
  }

  protected anyOf(name: string, column: Column, values: readonly unknown[]): Sql {
    const type = columnTypeSql(column, this.driver);
    const json = JSON.stringify(values.map((value) => toDatabase(column, value)));
    const left = isCollated(column) ? `${name} ${COLLATE}` : name;
    return sql`${raw(left)} IN (SELECT x.v FROM OPENJSON(${json}) WITH (v ${raw(type)} '$') AS x)`;
  }

  protected insertAll(
    runner: QueryRunner,
    table: TableDefinition,
    rows: Iterable<object>,
    common: object,
    options: WriteOptions,
  ): Promise<number> {
    const names = Object.keys(table.columns);
    if (hasBlob(table)) {
      const insertOne = (_: QueryRunner, [row]: readonly object[]): Promise<number> =>
        this.execute(runner, this.insertOne(table, { ...common, ...row }));
      return this.inChunks(runner, rows, names.length, { ...options, chunkRows: 1 }, insertOne);
    }
    const into = sql`INSERT INTO ${this.table(table)} (${list(names)}) SELECT ${list(names)} FROM `;
    return this.inChunks(runner, rows, names.length, options, (_, chunk) =>
      this.execute(runner, sql`${into}${this.rowSet(table, names, chunk, common)}`),
    );
  }

  protected updateStatement<T extends TableDefinition>(table: T, update: RowUpdate<T>): Sql {
    const assignments = update.set.map((name) => `${quote(name)} = x.${quote(name)}`).join(', ');
    const on = this.sameKey(table, update.key);
    const source = this.rowSet(table, [...update.key, ...update.set], update.rows);
    const equals = this.equalities(table, update.equals ?? {}, 't.');
    const where = equals.length === 0 ? raw('') : sql` WHERE ${joinSql(equals, ' AND ')}`;
    return sql`UPDATE t SET ${raw(assignments)} FROM ${this.table(table)} AS t INNER JOIN ${source} ON ${on}${where}`;
  }

  protected upsertStatement(table: TableDefinition, rows: readonly object[]): Sql {
    const names = Object.keys(table.columns);
    const others = names.filter((name) => !table.primaryKey.includes(name));
    const matched =
      others.length === 0
        ? raw('')
        : raw(` WHEN MATCHED THEN UPDATE SET ${others.map((name) => `${quote(name)} = x.${quote(name)}`).join(', ')}`);
    // HOLDLOCK closes the gap between looking for a row and inserting it.
    return sql`MERGE INTO ${this.table(table)} WITH (HOLDLOCK) AS t USING ${this.rowSet(table, names, rows)} ON ${this.sameKey(table, table.primaryKey)}${matched} WHEN NOT MATCHED THEN INSERT (${list(names)}) VALUES (${list(names, 'x.')});`;
  }

  protected async *streamRaw(runner: QueryRunner, statement: Sql, chunkRows: number) {
    const { text, parameters } = this.render(statement);
    const stream = await runner.stream(text, parameters);
    let chunk: Record<string, unknown>[] = [];
    // An object stream: TypeORM's declared type is the one of files.
    for await (const row of stream as unknown as AsyncIterable<Record<string, unknown>>) {
      chunk.push(row);
      if (chunk.length === chunkRows) {
        yield chunk;
        chunk = [];
      }
    }
    if (chunk.length > 0) yield chunk;
  }

  plusMs(instant: Sql, ms: number | Sql): Sql {
    if (typeof ms !== 'number' || Math.abs(ms) <= MAX_INT) return sql`DATEADD(millisecond, ${ms}, ${instant})`;
    // DATEADD takes 32-bit numbers only.
    return sql`DATEADD(millisecond, ${ms % 1000}, DATEADD(second, ${Math.trunc(ms / 1000)}, ${instant}))`;
  }

  msBetween(from: Sql, to: Sql): Sql {
    return sql`DATEDIFF_BIG(millisecond, ${from}, ${to})`;
  }

  uniqueViolation(error: unknown): { readonly index: string } | null {
    return sqlServerUniqueViolation(error);
  }

  isTransient(error: unknown): boolean {
    return isSqlServerTransient(error);
  }

  isConnectionLoss(error: unknown): boolean {
    return isSqlServerConnectionLoss(error);
  }

  /** SQL Server refreshes statistics itself when it compiles a statement on a table that has changed much. */
  refreshStatistics(): Promise<void> {
    return Promise.resolve();
  }

  /** Always said: a pooled connection keeps the bound of its last transaction, and a fresh one has none. */
  async setLocalTimeouts(runner: QueryRunner, { lockMs = LOCK_WAIT_MS }: { lockMs?: number }): Promise<void> {
    if (!Number.isSafeInteger(lockMs)) throw new RangeError(`${lockMs} is not a number of milliseconds`);
    await runBatch(runner, `SET LOCK_TIMEOUT ${lockMs}`);
  }

  async withSnapshot<R>(
    dataSource: DataSource,
    work: (runner: QueryRunner, isSnapshot: boolean) => Promise<R>,
  ): Promise<R> {
    const [database] = await this.query<{ state: number }>(
      dataSource,
      sql`SELECT CAST(snapshot_isolation_state AS int) AS state FROM sys.databases WHERE name = DB_NAME()`,
    );
    const isSnapshot = database?.state === 1;
    return this.readOnly(dataSource, isSnapshot ? 'SNAPSHOT' : 'SERIALIZABLE', (runner) => work(runner, isSnapshot));
  }

  async withApplicationLock<R>(
    dataSource: DataSource,
    name: string,
    waitMs: number,
    work: () => Promise<R>,
  ): Promise<R> {
    return this.readOnly(dataSource, 'READ COMMITTED', async (runner) => {
      const [answer] = await this.query<{ result: number }>(
        runner,
        sql`DECLARE @result int; EXEC @result = sp_getapplock @Resource = ${name}, @LockMode = 'Exclusive', @LockOwner = 'Transaction', @LockTimeout = ${waitMs}; SELECT @result AS result`,
      );
      if (answer === undefined || answer.result < 0) throw new ApplicationLockTimeoutError(name, waitMs);
      return work();
    });
  }

  private async readOnly<R>(
    dataSource: DataSource,
    isolation: 'SNAPSHOT' | 'SERIALIZABLE' | 'READ COMMITTED',
    work: (runner: QueryRunner) => Promise<R>,
  ): Promise<R> {
    const runner = dataSource.createQueryRunner();
    try {
      await runner.startTransaction(isolation);
      await this.setLocalTimeouts(runner, { lockMs: LOCK_WAIT_MS });
      return await work(runner);
    } finally {
      if (runner.isTransactionActive) await runner.rollbackTransaction();
      await runner.release();
    }
  }

  /** Columns read from JSON carry the database's collation, the table's their own: one side must yield. */
  private sameKey(table: TableDefinition, names: readonly string[]): Sql {
    return raw(
      names
        .map((name) => {
          const right = `x.${quote(name)}`;
          return `t.${quote(name)} = ${isCollated(columnOf(table, name)) ? `${right} ${COLLATE}` : right}`;
        })
        .join(' AND '),
    );
  }

  private rowSet(table: TableDefinition, names: readonly string[], rows: readonly object[], common = {}): Sql {
    const typed = names.map((name) => `${quote(name)} ${columnTypeSql(columnOf(table, name), this.driver)}`);
    const json = new Param({ kind: 'json', nullable: false }, jsonRows(table, names, rows, common));
    return sql`OPENJSON(${json}) WITH (${raw(typed.join(', '))}) AS x`;
  }
}
