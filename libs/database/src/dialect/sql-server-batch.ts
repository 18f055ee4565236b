import type { QueryRunner } from 'typeorm';

/** What TypeORM holds of the driver; not imported, so that a process without SQL Server never loads it. */
interface SqlServerDriver {
  readonly mssql: { readonly Request: new (transaction: object) => { batch(text: string): Promise<unknown> } };
}

/**
 * Sends a statement as a plain batch inside the runner's transaction. TypeORM sends everything through
 * `sp_executesql`, at whose end SET options fall back; only a batch keeps them for the connection. The transaction
 * is a protected field of TypeORM's runner, and there is no other way to it.
 */
export async function runBatch(runner: QueryRunner, text: string): Promise<void> {
  const { databaseConnection } = runner as unknown as { databaseConnection?: object | null };
  if (!runner.isTransactionActive || databaseConnection === undefined || databaseConnection === null) {
    throw new Error('SET options need an open transaction: any other statement may run on another connection');
  }
  const { mssql } = runner.dataSource.driver as unknown as SqlServerDriver;
  await new mssql.Request(databaseConnection).batch(text);
}
