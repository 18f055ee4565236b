import { Request, type Transaction } from 'mssql';
import type { QueryRunner } from 'typeorm';

/**
 * Sends a statement as a plain batch inside the runner's transaction. TypeORM sends everything through
 * `sp_executesql`, at whose end SET options fall back; only a batch keeps them for the connection. The transaction
 * is a protected field of TypeORM's runner, and there is no other way to it.
 */
export async function runBatch(runner: QueryRunner, text: string): Promise<void> {
  const { databaseConnection } = runner as unknown as { databaseConnection?: Transaction | null };
  if (!runner.isTransactionActive || databaseConnection === undefined || databaseConnection === null) {
    throw new Error('SET options need an open transaction: any other statement may run on another connection');
  }
  await new Request(databaseConnection).batch(text);
}
