import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { CommitOutcomeUnknownError, sql } from '@powerfill/database';
import { tenantDatabase } from '@powerfill/tenancy';
import { describeFailure } from './step-failure';

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;
/** So often in a row the work may lose its connection while the database answers others; then it is the work's doing. */
const MOST_LOSSES = 5;

const logger = new Logger('WhileAway');

/**
 * Repeats work on the tenant's database while that is away, until the signal aborts. A connection that drops or a
 * server that restarts must not cost a run the minutes it has computed; when to give up is the lease's decision. But a
 * server that answers and yet ends every connection that does this work will do so for ever.
 * @throws the signal's reason; CommitOutcomeUnknownError, since repeating might do the work twice; any lasting error
 */
export async function whileAway<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const { dialect } = tenantDatabase();
  let losses = 0;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof CommitOutcomeUnknownError || !dialect.isTransient(error)) throw error;
      losses = dialect.isConnectionLoss(error) && (await answers()) ? losses + 1 : 0;
      if (losses >= MOST_LOSSES) throw error;
      logger.warn(`Trying again: ${describeFailure(error)}`);
    }
    await delay(pause, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

async function answers(): Promise<boolean> {
  const { dialect, dataSource } = tenantDatabase();
  return dialect.query(dataSource, sql`SELECT 1 AS one`).then(
    () => true,
    () => false,
  );
}
