import { setTimeout as delay } from 'node:timers/promises';
import { CommitOutcomeUnknownError } from '@powerfill/database';
import { tenantDatabase } from '@powerfill/tenancy';

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;

/**
 * Repeats work on the tenant's database while that is away, until the signal aborts. A connection that drops or a
 * server that restarts must not cost a run the minutes it has computed; when to give up is the lease's decision.
 * @throws the signal's reason; CommitOutcomeUnknownError, since repeating might do the work twice; any lasting error
 */
export async function whileAway<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const { dialect } = tenantDatabase();
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof CommitOutcomeUnknownError || !dialect.isTransient(error)) throw error;
    }
    await delay(pause, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}
