import { setTimeout as delay } from 'node:timers/promises';
import type { DataSource, QueryRunner } from 'typeorm';
import type { Dialect } from '../dialect/dialect';
import { CommitOutcomeUnknownError } from '../errors';

/** A handle on a database with what differs between drivers. */
export interface DatabaseHandle {
  readonly dataSource: DataSource;
  readonly dialect: Dialect;
}

export interface TransactionOptions {
  /** Further tries after a transient error (deadlock, lock timeout, lost connection); 3 unless said. */
  readonly retries?: number;
  /** Bound of each lock wait; the connection's own, 2 s, unless said. */
  readonly lockMs?: number;
  /** Bound of the pause between two statements; the connection's own unless said. */
  readonly idleMs?: number;
  /** Ends the waiting between tries. */
  readonly signal?: AbortSignal;
}

const BACKOFF_MS = 25;

/**
 * Runs work in one transaction: commits what it did, or rolls it back and throws its error. A transient error makes
 * the whole work run again, so it must have no effect outside the transaction.
 * @throws CommitOutcomeUnknownError when the connection is lost during COMMIT; it is never tried again then
 */
export function inTransaction<R>(
  { dataSource, dialect }: DatabaseHandle,
  work: (runner: QueryRunner) => Promise<R>,
  options: TransactionOptions = {},
): Promise<R> {
  return withRetries(dialect, () => tryOnce(dataSource, dialect, work, options), options);
}

/**
 * Runs work again after a transient error, also when a lost connection leaves open whether it took effect: it must be
 * such that this does no harm.
 */
export async function withRetries<R>(
  dialect: Dialect,
  work: () => Promise<R>,
  { retries = 3, signal }: Pick<TransactionOptions, 'retries' | 'signal'> = {},
): Promise<R> {
  for (let attempt = 0; ; attempt += 1) {
    signal?.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      const final = error instanceof CommitOutcomeUnknownError || attempt >= retries || !dialect.isTransient(error);
      if (final) throw error;
    }
    await delay(BACKOFF_MS * 2 ** attempt * (1 + Math.random()), undefined, signal === undefined ? {} : { signal });
  }
}

async function tryOnce<R>(
  dataSource: DataSource,
  dialect: Dialect,
  work: (runner: QueryRunner) => Promise<R>,
  bounds: { lockMs?: number; idleMs?: number },
): Promise<R> {
  const runner = dataSource.createQueryRunner();
  try {
    await runner.startTransaction();
    const result = await guarded(runner, async () => {
      await dialect.setLocalTimeouts(runner, bounds);
      return work(runner);
    });
    try {
      await runner.commitTransaction();
    } catch (error) {
      if (dialect.isConnectionLoss(error)) throw new CommitOutcomeUnknownError(error);
      await rollBack(runner, error);
    }
    return result;
  } finally {
    await runner.release();
  }
}

async function guarded<R>(runner: QueryRunner, work: () => Promise<R>): Promise<R> {
  try {
    return await work();
  } catch (error) {
    return rollBack(runner, error);
  }
}

/** Rolls back and rethrows the first error, which says more than a failed rollback; the server undoes the rest. */
async function rollBack(runner: QueryRunner, error: unknown): Promise<never> {
  try {
    if (runner.isTransactionActive) await runner.rollbackTransaction();
  } catch (rollbackError) {
    if (error instanceof Error && error.cause === undefined) error.cause = rollbackError;
  }
  throw error;
}
