import type { ConnectionPool, ISqlType, Request, Table, Transaction } from 'mssql';
import type { MssqlParameter, QueryRunner } from 'typeorm';
import { ColumnValueError } from '../errors';
import type { Column } from '../schema/columns';
import type { TableDefinition } from '../schema/table';
import { cellToDatabase, columnOf, type DatabaseValue } from '../values/convert';

/** What TypeORM holds of the driver; not imported, so that a process without SQL Server never loads it. */
interface SqlServerDriver {
  /** The pool, for what needs no transaction. */
  readonly master: ConnectionPool;
  readonly mssql: {
    readonly Request: new (on: Transaction | ConnectionPool) => Request;
    readonly Table: new (name: string) => Table;
    readonly MAX: number;
  } & Record<'VarChar' | 'NVarChar' | 'VarBinary' | 'Numeric' | 'DateTime2', (...size: number[]) => ISqlType> &
    Record<'Int' | 'Bit' | 'Date' | 'UniqueIdentifier', () => ISqlType>;
}

const driverOf = (runner: QueryRunner): SqlServerDriver => runner.dataSource.driver as unknown as SqlServerDriver;

/** The transaction is a protected field of TypeORM's runner, and there is no other way to it. */
function transactionOf(runner: QueryRunner): Transaction {
  const { databaseConnection } = runner as unknown as { databaseConnection?: Transaction | null };
  if (!runner.isTransactionActive || databaseConnection === undefined || databaseConnection === null) {
    throw new Error('This needs an open transaction: any other statement may run on another connection');
  }
  return databaseConnection;
}

/**
 * Sends a statement as a plain batch inside the runner's transaction. TypeORM sends everything through
 * `sp_executesql`, at whose end SET options fall back and temporary tables go; only a batch keeps them.
 */
export async function runBatch(runner: QueryRunner, text: string): Promise<void> {
  const { Request: BatchRequest } = driverOf(runner).mssql;
  await new BatchRequest(transactionOf(runner)).batch(text);
}

/**
 * Rows of a query as they come. Not by TypeORM's own stream, which keeps its runner locked for ever when the reader
 * leaves early; here the query is cancelled then, and the connection is free once this has ended.
 */
export async function* streamQuery(
  runner: QueryRunner,
  text: string,
  parameters: readonly unknown[],
): AsyncGenerator<Record<string, unknown>> {
  const driver = driverOf(runner);
  const typing = runner as unknown as { mssqlParameterToNativeParameter(parameter: MssqlParameter): ISqlType };
  const request = new driver.mssql.Request(runner.isTransactionActive ? transactionOf(runner) : driver.master);
  parameters.forEach((parameter, index) => {
    const typed = parameter as MssqlParameter;
    request.input(String(index), typing.mssqlParameterToNativeParameter(typed), typed.value);
  });
  const rows = request.toReadableStream();
  let isOver = false;
  // The stream tells of an error; here only the end matters.
  const finished = request.query(text).then(
    () => (isOver = true),
    () => (isOver = true),
  );
  try {
    yield* rows as AsyncIterable<Record<string, unknown>>;
  } finally {
    if (!isOver) request.cancel();
    await finished;
  }
}

/** Sends rows by the driver's bulk load, inside the runner's transaction; answers how many. */
export async function bulkLoad(
  runner: QueryRunner,
  target: { readonly path: string; readonly table: TableDefinition; readonly names: readonly string[] },
  rows: readonly object[],
  common: object = {},
): Promise<number> {
  const { mssql } = driverOf(runner);
  const { path, table, names } = target;
  const load = new mssql.Table(path);
  const columns = names.map((name) => ({ name, column: columnOf(table, name) }));
  for (const { name, column } of columns) {
    load.columns.add(name, bulkType(mssql, column), { nullable: column.nullable });
  }
  const cell = (row: object, name: string, column: Column): DatabaseValue => {
    const given = (row as Record<string, unknown>)[name];
    refuseInexact(given, column);
    const value = cellToDatabase(table, name, given);
    // Text, as it is everywhere else, would be local midnight for this driver.
    return column.kind === 'date' && value !== null ? new Date(`${value as string}T00:00:00Z`) : value;
  };
  const cells = columns.map(({ name, column }) => {
    if (!(name in common)) return (row: object) => cell(row, name, column);
    const same = cell(common, name, column);
    return () => same;
  });
  for (const row of rows) load.rows.add(...cells.map((of) => of(row)));
  const { rowsAffected } = await new mssql.Request(transactionOf(runner)).bulk(load);
  return rowsAffected;
}

/** Scaled decimals up to here are the same after the way through a double of the driver. */
const MOST_EXACT = 2 ** 51;

function refuseInexact(value: unknown, column: Column): void {
  if (column.kind === 'decimal' && typeof value === 'number' && Math.abs(value) > MOST_EXACT) {
    throw new ColumnValueError(`${value} has more digits than a bulk load carries`);
  }
}

/**
 * Types of a bulk load. Decimals have as many digits as there can be, which the server narrows to the column's:
 * Babelfish reads no other width.
 */
function bulkType(mssql: SqlServerDriver['mssql'], column: Column): ISqlType | (() => ISqlType) {
  switch (column.kind) {
    case 'varchar':
      return mssql.VarChar(column.length ?? mssql.MAX);
    case 'text':
      return mssql.NVarChar(column.length ?? mssql.MAX);
    case 'json':
      return mssql.NVarChar(mssql.MAX);
    case 'decimal':
      return mssql.Numeric(38, column.scale ?? 0);
    case 'date':
      return mssql.Date;
    case 'int':
      return mssql.Int;
    case 'boolean':
      return mssql.Bit;
    case 'timestamp':
      return mssql.DateTime2(3);
    case 'uuid':
      return mssql.UniqueIdentifier;
    case 'blob':
      return mssql.VarBinary(mssql.MAX);
  }
}
