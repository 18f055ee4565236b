import type { DataSource, QueryRunner } from 'typeorm';
import { ApplicationLockTimeoutError } from '../errors';
import { BINARY_COLLATION, columnTypeSql, isCollated } from '../schema/column-types';
import type { Column } from '../schema/columns';
import type { TableDefinition } from '../schema/table';
import { type Bindable, joinSql, Param, quote, raw, sql, type Sql } from '../sql/sql';
import { columnOf, toDatabase } from '../values/convert';
import { BaseDialect } from './base-dialect';
import type { Executor, RowUpdate, WriteOptions } from './dialect';
import { bindColumn, bindPlain } from './sql-server-parameters';
import { bulkLoad, runBatch, streamQuery } from './sql-server-driver';
import { isSqlServerConnectionLoss, isSqlServerTransient, sqlServerUniqueViolation } from './sql-server-errors';

const COLLATE = `COLLATE ${BINARY_COLLATION.mssql}`;
const LOCK_WAIT_MS = 2_000;
const MAX_INT = 2_147_483_647;

const list = (names: readonly string[], prefix = ''): Sql => raw(names.map((name) => prefix + quote(name)).join(', '));

/** SQL Server 2016 or later: rows travel by the driver's bulk load, changes of rows by way of a temporary table. */
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
    const target = { path: `[${this.schemaOf(table)}].[${table.name}]`, table, names };
    return this.inOneTransaction(runner, () =>
      this.inChunks(runner, rows, names.length, options, (_, chunk) => bulkLoad(runner, target, chunk, common)),
    );
  }

  protected updateChunk<T extends TableDefinition>(
    runner: QueryRunner,
    table: T,
    update: RowUpdate<T>,
  ): Promise<number> {
    const names = [...update.key, ...update.set];
    return this.staged(runner, { table, names, key: update.key, rows: update.rows }, (source) =>
      this.execute(runner, this.updateFrom(source, table, update)),
    );
  }

  /**
   * Changes what is there, then inserts what is not; not MERGE, which has more faults than it saves statements.
   * HOLDLOCK closes the gap between looking for a row and inserting it.
   */
  protected upsertChunk(runner: QueryRunner, table: TableDefinition, rows: readonly object[]): Promise<number> {
    const names = Object.keys(table.columns);
    const key = table.primaryKey;
    const set = names.filter((name) => !key.includes(name));
    return this.staged(runner, { table, names, key, rows }, async (source) => {
      const updated = set.length === 0 ? 0 : await this.execute(runner, this.updateFrom(source, table, { key, set }));
      if (updated === rows.length) return updated;
      const inserted = await this.execute(
        runner,
        sql`INSERT INTO ${this.table(table)} (${list(names)}) SELECT ${list(names, 'x.')} FROM ${source} AS x WHERE NOT EXISTS (SELECT 1 FROM ${this.table(table)} AS t WITH (UPDLOCK, HOLDLOCK) WHERE ${sameKey(key)})`,
      );
      return updated + inserted;
    });
  }

  private updateFrom(
    source: Sql,
    table: TableDefinition,
    { key, set, equals = {} }: Pick<RowUpdate<TableDefinition>, 'key' | 'set' | 'equals'>,
  ): Sql {
    const assignments = set.map((name) => `${quote(name)} = x.${quote(name)}`).join(', ');
    const conditions = this.equalities(table, equals, 't.');
    const where = conditions.length === 0 ? raw('') : sql` WHERE ${joinSql(conditions, ' AND ')}`;
    return sql`UPDATE t SET ${raw(assignments)} FROM ${this.table(table)} AS t INNER JOIN ${source} AS x ON ${sameKey(key)}${where}`;
  }

  /** Puts rows into a temporary table, typed and collated as the table they are for, while `work` uses them. */
  private staged(
    runner: QueryRunner,
    stage: {
      readonly table: TableDefinition;
      readonly names: readonly string[];
      readonly key: readonly string[];
      readonly rows: readonly object[];
    },
    work: (source: Sql) => Promise<number>,
  ): Promise<number> {
    const { table, names, key, rows } = stage;
    const path = `#pf_${table.name}`;
    const columns = names.map((name) => {
      const column = columnOf(table, name);
      const collate = isCollated(column) ? ` ${COLLATE}` : '';
      return `${quote(name)} ${columnTypeSql(column, this.driver)}${collate} ${column.nullable ? 'NULL' : 'NOT NULL'}`;
    });
    return this.inOneTransaction(runner, async () => {
      await runBatch(
        runner,
        `CREATE TABLE ${quote(path)} (${columns.join(', ')}, PRIMARY KEY (${key.map(quote).join(', ')}))`,
      );
      await bulkLoad(runner, { path, table, names }, rows);
      const affected = await work(raw(quote(path)));
      await runBatch(runner, `DROP TABLE ${quote(path)}`);
      return affected;
    });
  }

  /** Temporary tables and bulk loads need one connection, so a write outside a transaction gets one of its own. */
  private async inOneTransaction<R>(runner: QueryRunner, work: () => Promise<R>): Promise<R> {
    if (runner.isTransactionActive) return work();
    await runner.startTransaction();
    try {
      const result = await work();
      await runner.commitTransaction();
      return result;
    } catch (error) {
      if (runner.isTransactionActive) await runner.rollbackTransaction();
      throw error;
    }
  }

  protected async *streamRaw(runner: QueryRunner, statement: Sql, chunkRows: number) {
    const { text, parameters } = this.render(statement);
    let chunk: Record<string, unknown>[] = [];
    for await (const row of streamQuery(runner, text, parameters)) {
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

  async readsWithoutLocks(on: Executor): Promise<boolean> {
    const [database] = await this.query<{ state: boolean | number }>(
      on,
      sql`SELECT is_read_committed_snapshot_on AS state FROM sys.databases WHERE name = DB_NAME()`,
    );
    return database?.state === true || database?.state === 1;
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
}

const sameKey = (names: readonly string[]): Sql =>
  raw(names.map((name) => `t.${quote(name)} = x.${quote(name)}`).join(' AND '));
